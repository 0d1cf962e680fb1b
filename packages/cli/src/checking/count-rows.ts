import type { Clause, Expr, MustClause, Program, Statement } from '@plumbline/core'
import type { RowCount } from '@plumbline/core/power'
import { testProgram } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'

/** Rows of a relation of the data that meet a condition (`null`: all), by a name for it. */
export interface Counted {
  readonly relation: string
  readonly name: string
  readonly condition: Expr | null
}

/** How many rows each of them is; one whose relation cannot be read is not among them. */
export type RowCounts = (relation: string, name: string) => RowCount | undefined

/** Counts rows, and rows with a positive label where labels are booleans. A row whose condition is an error is none of its rows. */
export async function countRows(
  context: CommandContext,
  program: Program,
  wanted: readonly Counted[],
): Promise<RowCounts> {
  const key = (relation: string, name: string): string => JSON.stringify([relation, name])
  const clauses = [...Map.groupBy(wanted, ({ relation }) => relation)].map(([relation, counted], i) =>
    countingClause(program, relation, slicesOf(counted), i),
  )
  const counts = new Map<string, RowCount>()
  const request = {
    program: { ...program, clauses },
    root: context.root,
    toolVersion: context.toolVersion,
    versions: { others: {} },
    files: new Map(),
  }
  for await (const statement of testProgram({ ...request, stages: ['data'], signal: context.signal })) {
    const [rows, positives] = valuesOf(statement)
    if (rows === undefined) continue
    counts.set(key(statement.relation, statement.slice), { rows, ...(positives === undefined ? {} : { positives }) })
  }
  return (relation, name) => counts.get(key(relation, name))
}

/** The relation of the data whose rows a relation has. */
export function dataOf({ relations }: Program, name: string): string | undefined {
  const found = relations.find((relation) => relation.name === name)
  if (found?.kind !== 'data' && found?.kind !== 'model') return undefined
  return found.split === undefined ? found.dataset : `${found.dataset}.${found.split}`
}

/** The label of a relation's rows, where it is a boolean. */
export function labelOf({ datasets }: Program, relation: string) {
  const dataset = datasets.find(({ name }) => relation === name || relation.startsWith(`${name}.`))
  const label = dataset?.columns.find(({ name }) => name === dataset.label)
  return label?.type.kind === 'bool' ? label : undefined
}

function slicesOf(counted: readonly Counted[]): Clause['slices'] {
  const byName = new Map(counted.map(({ name, condition }) => [name, { name, condition }]))
  return [...byName.values()]
}

function valuesOf(statement: Statement): readonly (number | undefined)[] {
  if (!('terms' in statement)) return []
  return (statement.terms ?? []).map(({ value }) =>
    typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined,
  )
}

/** A clause that only counts, of a relation with all slices that are wanted. */
function countingClause(program: Program, relation: string, slices: Clause['slices'], index: number): MustClause {
  const label = labelOf(program, relation)
  const isPositive: Expr | undefined =
    label === undefined ? undefined : { node: 'column', name: label.name, type: label.type }
  const count = { fn: 'count', args: [], type: { kind: 'int' }, estimates: 'rows' } as const
  const zero: Expr = { node: 'literal', type: { kind: 'int' }, value: '0' }
  return {
    id: `rows-${index}`,
    says: '',
    severity: 'info',
    origin: 'built-in',
    of: [{ relation, stage: 'data' }],
    slices,
    meets: [],
    hazards: [],
    allowEmpty: true,
    place: { file: '', line: 1, column: 1 },
    models: [],
    digest: `sha256:${'0'.repeat(64)}`,
    form: 'must',
    text: 'count() >= 0',
    confidence: 'none',
    must: {
      condition: { node: 'comparison', index: 0, type: { kind: 'bool' } },
      comparisons: [
        {
          op: '>=',
          left: { node: 'term', index: 0, type: { kind: 'int' } },
          right: zero,
          expression: 'count() >= 0',
          estimated: false,
        },
      ],
      terms: [
        { ...count, expression: 'count()' },
        ...(isPositive === undefined ? [] : [{ ...count, where: isPositive, expression: 'count() where positive' }]),
      ],
    },
  }
}
