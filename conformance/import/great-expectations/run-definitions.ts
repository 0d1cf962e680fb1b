import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ColumnType, parseTimestamp, type Statement } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { type Imported, type ImportedItem, importText, parseJson, programOf } from '@plumbline/importers'

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

/** How a suite is written: 0.x has `expectation_type`, 1.x `type`. */
export type Layout = '0.x' | '1.x'

/** Imports all tests of each table as one suite, runs the spec on the table, and compares. */
export async function answerDefinition(definition: Definition, layout: Layout = '1.x'): Promise<readonly Answered[]> {
  const answers: Answered[] = []
  for (const [d, dataset] of definition.datasets.entries()) {
    const root = await mkdtemp(join(tmpdir(), 'plumb-gx-'))
    try {
      const { imported, statements } = await ask(root, definition, dataset, layout)
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
  layout: Layout,
): Promise<{ readonly imported: Imported; readonly statements: readonly Statement[] }> {
  const tables = Array.isArray(dataset.data) ? dataset.data : [{ dataset_name: 'rows', data: dataset.data as Cells }]
  const [first, ...others] = tables as readonly { readonly dataset_name: string; readonly data: Cells }[]
  if (first === undefined) throw new Error('a dataset without data')
  const table = typed(first.data, dataset.schemas ?? {})
  const source = await writeRows(root, Object.keys(first.data), table.rows)
  for (const { dataset_name, data } of others) {
    const file = join(root, 'data', `${dataset_name}.csv`)
    await mkdir(dirname(file), { recursive: true })
    const names = Object.keys(data)
    const length = Math.max(0, ...Object.values(data).map((cells) => cells.length))
    const lines = Array.from({ length }, (_, row) => names.map((name) => String(data[name]?.[row] ?? '')).join(','))
    await writeFile(file, `${[names.join(','), ...lines].join('\n')}\n`)
  }
  const suite = suiteOf(layout, definition.expectation_type, dataset.tests)
  const read = importText(pythonJson(suite), { source, columns: table.columns })
  if (!read.ok) throw new Error(read.failure.message)
  const imported = read.value
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

/** A suite of all tests of a table, in the words of either layout. */
function suiteOf(layout: Layout, type: string, tests: readonly DefinedTest[]): object {
  const kwargs = tests.map((test) => (Array.isArray(test.in) ? {} : test.in))
  return layout === '1.x'
    ? { name: 'rows', expectations: kwargs.map((each) => ({ type, kwargs: each })) }
    : {
        expectation_suite_name: 'rows',
        expectations: kwargs.map((each) => ({ expectation_type: type, kwargs: each, meta: {} })),
      }
}

/** The rows as a file: JSON, which tells an empty text from nothing, or a CSV header where there are no rows. */
async function writeRows(root: string, names: readonly string[], rows: readonly object[]): Promise<string> {
  const source = rows.length === 0 ? 'rows.csv' : 'rows.json'
  const infinite = (_name: string, cell: unknown): unknown =>
    cell === Infinity || cell === -Infinity ? String(cell) : cell
  const text = rows.length === 0 ? `${names.join(',')}\n` : JSON.stringify(rows, infinite)
  await writeFile(join(root, source), text)
  return source
}

/** JSON as Python writes and reads it: infinite numbers are bare words. */
export function pythonJson(value: unknown): string {
  const marked = (_name: string, each: unknown): unknown =>
    each === Infinity || each === -Infinity ? `\u0000${each}` : each
  return JSON.stringify(value, marked).replaceAll(/"\\u0000(-?Infinity)"/g, '$1')
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
  if (kinds.size === 0) return /float/i.test(declared) ? 'number' : /^int/i.test(declared) ? 'integer' : undefined
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
  // What is not asked measures nothing.
  if (item.outcome === 'trivial') return { asserts: 'answer' }
  // Great Expectations answers with the set of values, which no clause measures.
  if (type.includes('distinct_values')) return { asserts: 'answer' }
  const differs =
    observedDiffers(out, statements, test.tolerance) ??
    unexpectedDiffers(out, statements) ??
    countsDiffer(out, statements)
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
    Object.is(Number(a), Number(b)) || Math.abs(Number(a) - Number(b)) <= tolerance * Math.max(1, Math.abs(Number(b)))
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

/** How many rows were judged and how many failed, where rows are judged one by one. */
function countsDiffer(out: Readonly<Record<string, unknown>>, statements: readonly Statement[]): string | undefined {
  const [statement] = statements
  if (statements.length !== 1 || statement?.form !== 'every' || !('failing' in statement)) return undefined
  const { element_count: all, missing_count: missing = 0, unexpected_count: unexpected } = out
  if (typeof unexpected === 'number' && unexpected !== statement.failing)
    return `${unexpected} cells are unexpected there, and ${statement.failing} here`
  return typeof all === 'number' && all - Number(missing) !== statement.n
    ? `${all - Number(missing)} rows were judged there, and ${statement.n} here`
    : undefined
}
