import { columnsOf, type EveryClause, type RecordValue } from '@plumbline/core'
import type { CaseCell, CaseOmission, CaseRow, UnnamedCase } from '@plumbline/core/cases'
import { coveringArray } from '@plumbline/core/covering'
import { type Asked, askedBy, findRow } from '@plumbline/core/deep'
import { edges, outside, type SpecColumn } from '../release/columns.ts'
import { betweenRows } from './between.ts'
import { NO_CELL } from './columns.ts'
import { partitionOf } from './partitions.ts'
import { cellsOf, recordOf, satisfies } from './satisfies.ts'

/** Cases of clauses on the rows of one dataset. */
export interface RowCases {
  /** A row that satisfies all of them; cases say only what their clause reads. Absent where none was found. */
  readonly base?: CaseRow
  readonly cases: readonly UnnamedCase[]
  readonly omitted: readonly CaseOmission[]
}

/** Columns of a clause up to which the parts of their domains are combined. */
const MOST_COMBINED = 8

/**
 * Rows at the edges of each column and of each condition, and combinations of the parts of the domains that a condition reads; each
 * with what the reference evaluator says of it.
 */
export function rowCases(
  dataset: string,
  columns: readonly SpecColumn[],
  given: readonly EveryClause[],
  seed: string,
): RowCases {
  const known = new Set(columns.map(({ name }) => name))
  const clauses = given.filter((clause) => readsOnly(clause, known))
  const cases: UnnamedCase[] = []
  const omitted: CaseOmission[] = given.flatMap((clause) =>
    clauses.includes(clause) ? [] : [{ clause: clause.id, why: NO_CELL }],
  )
  const asked = clauses.flatMap(askedBy)
  const middle: Record<string, CaseCell> = {}
  for (const column of columns) {
    const parts = partitionOf(column, [], false)
    middle[column.name] = parts[Math.floor(parts.length / 2)] ?? null
  }
  const start = recordOf(columns, middle)
  const found = findRow(asked, start) ?? findRow(asked)
  const base = found === undefined ? undefined : cellsOf(columns, new Map([...start, ...found]))
  if (base === undefined) {
    const why = `no row of ${dataset} was found that satisfies all its clauses together`
    return { cases, omitted: [...omitted, ...clauses.map(({ id }) => ({ clause: id, why }))] }
  }
  for (const clause of clauses) {
    const reads = columns.filter(({ name }) => columnsRead(clause).has(name))
    const add = (reason: UnnamedCase['reason'], what: string, row: CaseRow): void => {
      const satisfied = satisfies(clause, recordOf(columns, row))
      cases.push({ kind: 'row', clause: clause.id, reason, what, dataset, row: cellsRead(reads, row), satisfied })
    }
    const [only, ...more] = reads
    if (only !== undefined && more.length === 0) ofOneColumn(clause, only, base, add)
    else ofSeveral({ clause, reads, columns, base, asked, seed }, add, omitted)
  }
  return { base, cases, omitted }
}

type Add = (reason: UnnamedCase['reason'], what: string, row: CaseRow) => void

const columnsRead = (clause: EveryClause): ReadonlySet<string> =>
  new Set(askedBy(clause).flatMap((each) => [...each.columns]))

const cellsRead = (reads: readonly SpecColumn[], row: CaseRow): CaseRow =>
  Object.fromEntries(reads.map(({ name }) => [name, row[name] ?? null]))

/** The edges of a column, and values that it does not admit; of a required cell only that it is there. */
function ofOneColumn(clause: EveryClause, column: SpecColumn, base: CaseRow, add: Add): void {
  const { name, declared } = column
  const required = clause.condition.kind === 'expr' && clause.condition.expr.node === 'is-missing'
  const tried = required
    ? [base[name] ?? null, null]
    : [...edges(column), ...outside(column), ...partitionOf(column, conditionsOf(clause), false)]
  const listed = declared.values !== undefined || column.kind === 'bool'
  for (const cell of new Set(tried)) {
    if (typeof cell === 'bigint' || (cell === null && !required)) continue
    add(listed ? 'partition' : 'boundary', `${name} = ${JSON.stringify(cell)}`, { ...base, [name]: cell })
  }
}

interface Several {
  readonly clause: EveryClause
  readonly reads: readonly SpecColumn[]
  readonly columns: readonly SpecColumn[]
  readonly base: CaseRow
  readonly asked: readonly Asked[]
  readonly seed: string
}

function ofSeveral({ clause, reads, columns, base, asked, seed }: Several, add: Add, omitted: CaseOmission[]): void {
  add('partition', 'a row that satisfies every clause', base)
  const bad = violating(clause, asked, recordOf(columns, base))
  const worse = bad === undefined ? undefined : cellsOf(columns, bad)
  if (worse === undefined)
    omitted.push({
      clause: clause.id,
      why: 'no row was found that violates it: only rows that satisfy it are among its cases',
    })
  else {
    const row = { ...base, ...worse }
    add('partition', 'a row that violates it', row)
    const edge = betweenRows(base, row, reads, (tried) => satisfies(clause, recordOf(columns, tried)))
    for (const each of edge ?? [])
      add('boundary', `the last on its side of the condition, along ${each.column}`, each.row)
  }
  if (reads.length > MOST_COMBINED) return
  const parts = reads.map((column) => partitionOf(column, conditionsOf(clause), false))
  const levels = parts.map(({ length }) => length)
  const made = coveringArray({ levels, strength: Math.min(2, reads.length) }, { seed, moves: MOVES })
  for (const values of made.ok ? made.suite.rows : []) {
    const cells = Object.fromEntries(reads.map(({ name }, i) => [name, parts[i]?.[values[i] ?? 0] ?? null]))
    add(
      'combination',
      Object.entries(cells)
        .map(([name, cell]) => `${name} = ${JSON.stringify(cell)}`)
        .join(', '),
      { ...base, ...cells },
    )
  }
}

/** Moves of the search for a smaller array of a clause's own columns. */
const MOVES = 400

/** A row that violates the clause and, where there is one, no other. */
function violating(clause: EveryClause, asked: readonly Asked[], start: RecordValue): RecordValue | undefined {
  const others = asked.filter((each) => each.clause !== clause)
  const contracts = others.filter((each) => each.clause?.origin === 'contract')
  for (const own of askedBy(clause)) {
    const broken = { ...own, demand: { ...own.demand, holds: false } }
    const found =
      findRow([...others, broken], start) ?? findRow([...contracts, broken], start) ?? findRow([broken], start)
    if (found !== undefined) return found
  }
  return undefined
}

const conditionsOf = ({ condition, slices }: EveryClause) => [
  ...(condition.kind === 'expr' ? [condition.expr] : []),
  ...slices.flatMap(({ condition: within }) => within ?? []),
]

/** Columns of a dataset that a clause reads; undefined where it reads others. */
export function readsOnly(clause: EveryClause, names: ReadonlySet<string>): boolean {
  return conditionsOf(clause).every((expr) => [...columnsOf(expr)].every((name) => names.has(name)))
}
