import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ColumnType, parseTimestamp, type Statement } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { assemble, formats, type Imported, type ImportedItem, parseJson, programOf } from '@plumbline/importers'

/** A test definition of Great Expectations: one expectation asked of small tables, with what it has to answer. */
export interface Definition {
  readonly expectation_type: string
  readonly datasets: readonly DefinedDataset[]
}

type Cells = Readonly<Record<string, readonly unknown[]>>

/** A table, or several (the first is asked), and its tests. */
export interface DefinedDataset {
  readonly data: Cells | readonly { readonly dataset_name: string; readonly data: Cells }[]
  readonly schemas?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly tests: readonly DefinedTest[]
}

/** Arguments and answer. */
export interface DefinedTest {
  readonly in: unknown
  readonly out: Readonly<Record<string, unknown>>
  readonly tolerance?: number
}

/** What came of one test: nothing where it agrees, else in which way it does not. */
export interface Answered {
  /** `d0.t3`: titles repeat. */
  readonly id: string
  /** What the test asserts at all: nothing, a refusal or an answer. */
  readonly asserts: 'nothing' | 'refusal' | 'answer'
  readonly disagrees?: string
  readonly item?: ImportedItem
}

/** Reads a definition file; two of the official ones hold bare Infinity. */
export function readDefinition(text: string): Definition {
  return parseJson(text) as Definition
}

/** Imports all tests of each table as one suite, runs the spec on the table, and compares. */
export async function answerDefinition(definition: Definition): Promise<readonly Answered[]> {
  const answers: Answered[] = []
  for (const [d, dataset] of definition.datasets.entries()) {
    const root = await mkdtemp(join(tmpdir(), 'plumb-gx-'))
    try {
      const { imported, statements } = await ask(root, definition, dataset)
      dataset.tests.forEach((test, t) => {
        const item = imported.items[t]
        if (item === undefined) throw new Error('a test was not imported')
        const mine = statements.filter(({ clause }) => item.clauses.includes(clause))
        answers.push({ id: `d${d}.t${t}`, item, ...judge(definition.expectation_type, test, item, mine) })
      })
    } finally {
      await rm(root, { recursive: true })
    }
  }
  return answers
}

async function ask(
  root: string,
  definition: Definition,
  dataset: DefinedDataset,
): Promise<{ readonly imported: Imported; readonly statements: readonly Statement[] }> {
  const tables = Array.isArray(dataset.data) ? dataset.data : [{ dataset_name: 'rows', data: dataset.data as Cells }]
  const [first, ...others] = tables as readonly { readonly dataset_name: string; readonly data: Cells }[]
  if (first === undefined) throw new Error('a dataset without data')
  const table = typed(first.data, dataset.schemas ?? {})
  await writeFile(join(root, 'rows.json'), JSON.stringify(table.rows))
  for (const { dataset_name, data } of others) {
    const file = join(root, 'data', `${dataset_name}.csv`)
    await mkdir(dirname(file), { recursive: true })
    const names = Object.keys(data)
    const length = Math.max(0, ...Object.values(data).map((cells) => cells.length))
    const lines = Array.from({ length }, (_, row) => names.map((name) => String(data[name]?.[row] ?? '')).join(','))
    await writeFile(file, `${[names.join(','), ...lines].join('\n')}\n`)
  }
  const [format] = formats
  if (format === undefined) throw new Error('no format')
  const expectations = dataset.tests.map((test) => ({
    type: definition.expectation_type,
    kwargs: Array.isArray(test.in) ? {} : test.in,
  }))
  const draft = format.read({ name: 'rows', expectations }, { source: 'rows.json', columns: table.columns })
  const imported = assemble(draft)
  const statements: Statement[] = []
  for await (const statement of runDataStage({
    program: programOf(imported),
    root,
    toolVersion: '0',
    session: { threads: 1 },
  }))
    statements.push(statement)
  return { imported, statements }
}

/** The cells as rows of JSON, and the types of columns that show one. */
function typed(data: Cells, schemas: NonNullable<DefinedDataset['schemas']>) {
  const columns = new Map<string, ColumnType>()
  const names = Object.keys(data)
  const length = Math.max(0, ...Object.values(data).map((cells) => cells.length))
  const cellsOf = new Map<string, readonly unknown[]>()
  for (const name of names) {
    const cells = data[name] ?? []
    const declared = `${schemas['pandas']?.[name] ?? ''} ${schemas['sqlite']?.[name] ?? ''}`
    const given = cells.filter((cell) => cell !== null)
    const times = /date|timestamp/i.test(declared) && given.every((cell) => typeof cell === 'string')
    const type = times ? 'timestamp' : typeOf(given, declared)
    if (type !== undefined) columns.set(name, type)
    cellsOf.set(
      name,
      cells.map((cell) =>
        cell === null ? null : type === 'timestamp' ? iso(String(cell)) : type === 'text' ? String(cell) : cell,
      ),
    )
  }
  const rows = Array.from({ length }, (_, row) =>
    Object.fromEntries(names.map((name) => [name, cellsOf.get(name)?.[row] ?? null])),
  )
  return { rows, columns }
}

function typeOf(cells: readonly unknown[], declared: string): ColumnType | undefined {
  const kinds = new Set(cells.map((cell) => typeof cell))
  if (kinds.size === 0) return undefined
  if (kinds.size > 1) return 'text'
  if (kinds.has('boolean')) return 'boolean'
  if (kinds.has('number')) return cells.every(Number.isInteger) && !/float/i.test(declared) ? 'integer' : 'number'
  return 'text'
}

/** `Jan 01 2000 12:00:01` and the like, as UTC. */
function iso(text: string): string {
  const plain = text.includes('T') ? text : text.replace(' ', 'T')
  for (const written of [plain, `${plain}Z`, `${plain}T00:00:00Z`])
    if (!('problem' in parseTimestamp(written))) return written
  const read = new Date(`${text} UTC`)
  return Number.isNaN(read.getTime()) ? text : read.toISOString()
}

function judge(
  type: string,
  test: DefinedTest,
  item: ImportedItem,
  statements: readonly Statement[],
): { readonly asserts: Answered['asserts']; readonly disagrees?: string } {
  const result = test.out['result']
  const out = { ...test.out, ...(typeof result === 'object' && result !== null ? (result as object) : {}) } as Record<
    string,
    unknown
  >
  if ('traceback_substring' in out) {
    return item.outcome === 'refused'
      ? { asserts: 'refusal' }
      : { asserts: 'refusal', disagrees: `it raises there, and is ${item.outcome} here` }
  }
  const success = out['success']
  if (success === undefined && out['observed_value'] === undefined) return { asserts: 'nothing' }
  if (item.outcome === 'refused') return { asserts: 'answer', disagrees: `refused: ${item.notes.join(' ')}` }
  const broken = statements.find(({ verdict }) => verdict === 'error')
  if (broken?.verdict === 'error') return { asserts: 'answer', disagrees: `error: ${broken.cause}` }
  const holds = statements.every(({ verdict }) => verdict === 'satisfied')
  if (typeof success === 'boolean' && holds !== success)
    return {
      asserts: 'answer',
      disagrees: `success is ${success} there, and ${statements.map(({ verdict }) => verdict).join()} here`,
    }
  // Great Expectations answers with the set of values, which no clause measures.
  if (type.includes('distinct_values')) return { asserts: 'answer' }
  const differs = observedDiffers(out, statements, test.tolerance) ?? unexpectedDiffers(out, statements)
  return differs === undefined ? { asserts: 'answer' } : { asserts: 'answer', disagrees: differs }
}

/** Numbers are compared to 1e-9, or to the tolerance the test has; lists and sets of values are not measured here. */
function observedDiffers(
  out: Readonly<Record<string, unknown>>,
  statements: readonly Statement[],
  tolerance = 1e-9,
): string | undefined {
  const observed = out['observed_value']
  if (!('observed_value' in out)) return undefined
  const values = statements.flatMap((statement) =>
    'terms' in statement && statement.terms !== undefined ? statement.terms.map(({ value }) => value) : [],
  )
  const [statement] = statements
  const compared = statement !== undefined && 'comparisons' in statement ? statement.comparisons?.[0]?.left : undefined
  const measured = compared ?? values[0]
  const near = (a: unknown, b: unknown): boolean =>
    Math.abs(Number(a) - Number(b)) <= tolerance * Math.max(1, Math.abs(Number(b)))
  if (typeof observed === 'number')
    return near(measured, observed) ? undefined : `${observed} was observed there, and ${String(measured)} here`
  if (observed === null)
    return measured === null || measured === undefined || measured === Infinity
      ? undefined
      : `nothing was observed there, and ${String(measured)} here`
  const quantiles = (observed as { readonly values?: readonly number[] })?.values
  if (Array.isArray(quantiles)) {
    // A quantile without bounds is asked of nobody here.
    const strange = values.find((value) => !quantiles.some((each) => near(value, each)))
    return strange === undefined ? undefined : `the quantile ${String(strange)} is here, and none like it there`
  }
  return undefined
}

/** How many cells are unexpected, where rows are judged one by one. */
function unexpectedDiffers(
  out: Readonly<Record<string, unknown>>,
  statements: readonly Statement[],
): string | undefined {
  const list = out['unexpected_list']
  const [statement] = statements
  if (!Array.isArray(list) || statements.length !== 1 || statement?.form !== 'every' || !('failing' in statement))
    return undefined
  return statement.failing === list.length
    ? undefined
    : `${list.length} cells are unexpected there, and ${statement.failing} here`
}
