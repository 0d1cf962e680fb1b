import type { Clause, Expr, MustClause, Program, Statement, Term } from '@plumbline/core'
import type { RowCount } from '@plumbline/core/power'
import { type DataStageEvent, type ModelStageEvent, type ReleaseStageEvent, testProgram } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { groupedRowsOf, groupingTerms, isOneOf } from './grouped-rows.ts'
import { classLabelOf, columnsOfData, labelOf } from './relations.ts'
import { spreadsOf, spreadTerms } from './spreads.ts'

/** Rows of a relation of the data that meet a condition (`null`: all), by a name for it. */
export interface Counted {
  readonly relation: string
  readonly name: string
  readonly condition: Expr | null
}

/** How many rows each of them is; one whose relation cannot be read is not among them. */
export type RowCounts = (relation: string, name: string) => RowCount | undefined

/**
 * Counts rows, and rows with a positive label where labels are booleans, of each class where they are categories; of numbers whose mean clauses ask for, how they spread. A row whose condition is an error is none of its rows.
 */
export async function countRows(
  context: CommandContext,
  program: Program,
  wanted: readonly Counted[],
  onDeadPath?: (dataset: string, column: string, says: string) => void,
): Promise<RowCounts> {
  const key = (relation: string, name: string): string => JSON.stringify([relation, name])
  const clauses = [...Map.groupBy(wanted, ({ relation }) => relation)].map(([relation, counted], i) =>
    countingClause(program, relation, slicesOf(counted), i),
  )
  const counts = new Map<string, RowCount>()
  const looked = onDeadPath === undefined ? [] : lookingClauses(program, clauses)
  const request = {
    program: { ...program, clauses: [...clauses, ...looked] },
    root: context.root,
    toolVersion: context.toolVersion,
    versions: { others: {} },
    files: new Map(),
    onEvent(event: DataStageEvent | ModelStageEvent | ReleaseStageEvent) {
      if (event.kind !== 'source-read') return
      for (const { column, says } of event.deadPaths ?? []) onDeadPath?.(event.dataset, column, says)
    },
  }
  for await (const statement of testProgram({ ...request, stages: ['data'], signal: context.signal })) {
    const { rows, positives, classes } = countOf(statement)
    if (rows === undefined) continue
    const spreads = spreadsOf(statement, rows)
    const count = {
      rows,
      spreads,
      classes,
      ...groupedRowsOf(statement),
      ...(positives === undefined ? {} : { positives }),
    }
    counts.set(key(statement.relation, statement.slice), count)
  }
  return (relation, name) => counts.get(key(relation, name))
}

/** Clauses that read every column with a path of the datasets that are counted, and so open them: a path that leads nowhere is noticed then. */
function lookingClauses(program: Program, counting: readonly MustClause[]): readonly MustClause[] {
  return counting.flatMap((clause, i) => {
    const relation = clause.of[0]?.relation ?? ''
    const [first] = counting.filter(({ of }) => datasetNamed(of[0]?.relation) === datasetNamed(relation))
    const paths = columnsOfData(program, relation).filter(({ path }) => (path?.length ?? 0) > 1)
    if (first !== clause || paths.length === 0) return []
    const terms = paths.map(
      ({ name }): Term => ({
        ...count,
        fn: 'present',
        args: [{ kind: 'column', name }],
        expression: `present(${name})`,
      }),
    )
    const [all] = slicesOf([{ relation, name: 'all', condition: null }])
    const slices = all === undefined ? [] : [all]
    return [
      {
        ...clause,
        id: `paths-${i}`,
        slices,
        must: { ...clause.must, terms: [{ ...count, expression: 'count() of paths' }, ...terms] },
      },
    ]
  })
}

const datasetNamed = (relation = ''): string => relation.split('.')[0] ?? ''

function slicesOf(counted: readonly Counted[]): Clause['slices'] {
  const byName = new Map(counted.map(({ name, condition }) => [name, { name, condition }]))
  return [...byName.values()]
}

const ROWS = 'count()'
const POSITIVES = 'count() where positive'
const OF_CLASS = 'count() of class '

function countOf(statement: Statement): {
  readonly rows?: number
  readonly positives?: number
  readonly classes: ReadonlyMap<string, number>
} {
  const values = new Map(termsOf(statement).map(({ expression, value }) => [expression, value]))
  const numberAt = (name: string): number | undefined => {
    const value = values.get(name)
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
  }
  const [rows, positives] = [numberAt(ROWS), numberAt(POSITIVES)]
  const classes = new Map(
    [...values.keys()].flatMap((name) =>
      name.startsWith(OF_CLASS) ? [[name.slice(OF_CLASS.length), numberAt(name) ?? 0] as const] : [],
    ),
  )
  return { classes, ...(rows === undefined ? {} : { rows }), ...(positives === undefined ? {} : { positives }) }
}

const termsOf = (statement: Statement) => ('terms' in statement ? (statement.terms ?? []) : [])

const count = { fn: 'count', args: [], type: { kind: 'int' }, estimates: 'rows' } as const

/** How many rows each class of the label has. */
function classTerms(program: Program, relation: string): readonly Term[] {
  const label = classLabelOf(program, relation)
  if (label === undefined) return []
  return (label.values ?? []).map(({ code }) => ({
    ...count,
    where: isOneOf(label, code),
    expression: `${OF_CLASS}${code}`,
  }))
}

/** A clause that only counts, of a relation with all slices that are wanted. */
function countingClause(program: Program, relation: string, slices: Clause['slices'], index: number): MustClause {
  const label = labelOf(program, relation)
  const isPositive: Expr | undefined =
    label === undefined ? undefined : { node: 'column', name: label.name, type: label.type }
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
        { ...count, expression: ROWS },
        ...(isPositive === undefined ? [] : [{ ...count, where: isPositive, expression: POSITIVES }]),
        ...classTerms(program, relation),
        ...spreadTerms(program, relation),
        ...groupingTerms(program, relation),
      ],
    },
  }
}
