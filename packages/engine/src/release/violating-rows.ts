import { type Expr, type GuardClause, evaluate as evaluateExpr, type RecordValue, stats } from '@plumbline/core'
import { falsify } from '../falsify/falsify.ts'
import type { CellValue, Row } from '../falsify/domain.ts'
import { success } from '../models/outcome.ts'
import { edges, outside, type SpecColumn, wrongTyped } from './columns.ts'
import { columnsOfClause } from './reference.ts'

/** A row that violates a clause inside a slice, and what else it violates. */
export interface ViolatingRow {
  readonly row: Row
  /** Ids of the other clauses of the plan that it violates; empty where only the one is. */
  readonly others: readonly string[]
  /** What was changed to make it. */
  readonly changed: readonly string[]
}

/** What is searched. */
export interface ViolationSearch {
  readonly clause: GuardClause
  /** Undefined: the clause is asked of all rows. */
  readonly slice: string | undefined
  readonly rule: (index: number) => Expr
  /** Columns that may be changed. */
  readonly columns: readonly SpecColumn[]
  /** Rows to start from; at least one. */
  readonly bases: readonly Row[]
  /** Whether a row that differs from a base in these columns violates the clause in the slice, and what else it violates. */
  readonly judge: (
    row: Row,
    changed: readonly string[],
  ) => {
    readonly violates: boolean
    readonly others: readonly string[]
    readonly record: RecordValue
  }
  /** Columns that another clause of the plan reads. */
  readonly columnsOf: (clause: string) => readonly string[]
  readonly seed: string
}

/** A violating row, or how many were tried in vain. */
export type ViolationFound =
  | { readonly found: true; readonly violating: ViolatingRow }
  | { readonly found: false; readonly tried: number }

/** Rows of the search that starts from. */
const BASES = 12
/** Candidates of the guided search where single changes do not do. */
const BUDGET = 4000

/**
 * Searches a row that violates a clause: first by one changed cell (beyond a bound, an undeclared code, missing, of the
 * wrong type), then by a guided search over the columns the clause reads. A row that violates nothing else is preferred.
 */
export async function findViolatingRow(search: ViolationSearch): Promise<ViolationFound> {
  const { clause, columns, judge } = search
  const read = columnsOfClause(clause, search.rule)
  const own = columns.filter(({ name }) => read.includes(name))
  let best: ViolatingRow | undefined
  let tried = 0
  const consider = (row: Row, changed: readonly string[]): boolean => {
    tried++
    const judged = judge(row, changed)
    if (!judged.violates) return false
    if (best === undefined || judged.others.length < best.others.length) best = { row, others: judged.others, changed }
    return best.others.length === 0
  }
  for (const base of search.bases.slice(0, BASES)) {
    for (const [column, value] of singleChanges(clause, own)) {
      if (consider(new Map(base).set(column, value), [column])) return { found: true, violating: best as ViolatingRow }
    }
  }
  // To violate it alone, columns of the clauses that are in the way may have to change, too.
  const inTheWay = best?.others.flatMap((id) => search.columnsOf(id)) ?? []
  const wider = columns.filter(({ name }) => read.includes(name) || inTheWay.includes(name))
  const rounds =
    best === undefined
      ? ([
          [own, false],
          [wider, true],
        ] as const)
      : ([[wider, true]] as const)
  for (const [changing, alone] of rounds) {
    const found = await guided(search, changing, alone)
    tried += found.tried
    if (found.row !== undefined)
      consider(
        found.row,
        changing.map(({ name }) => name),
      )
  }
  return best === undefined ? { found: false, tried } : { found: true, violating: best }
}

function* singleChanges(clause: GuardClause, columns: readonly SpecColumn[]): Generator<readonly [string, CellValue]> {
  for (const column of columns) {
    if (clause.condition.kind === 'type') yield [column.name, wrongTyped(column)]
    else for (const value of [...outside(column), ...edges(column)]) yield [column.name, value]
  }
}

/** The search of `forall`, turned on a clause: the declared domain of the columns it reads, guided by the margin. */
async function guided(
  { clause, rule, bases, judge, seed, slice }: ViolationSearch,
  columns: readonly SpecColumn[],
  alone: boolean,
): Promise<{ readonly row?: Row; readonly tried: number }> {
  const base = bases[0]
  if (columns.length === 0 || base === undefined || clause.condition.kind === 'type') return { tried: 0 }
  const condition = rule(clause.condition.rule)
  const changing = columns.map(({ name }) => name)
  const joined = (row: Row): Row => new Map([...base, ...row])
  const result = await falsify({
    variables: [{ kind: 'record', name: 'x', columns: columns.map(({ domain }) => domain), rows: bases }],
    random: stats.createRandom(seed, `violate:${clause.id}:${slice ?? ''}:${alone}`),
    budget: BUDGET,
    evaluate: (inputs) =>
      Promise.resolve(
        success(
          inputs.map((input) => {
            const judged = judge(joined(input.get('x') as Row), changing)
            const violated = judged.violates && (!alone || judged.others.length === 0)
            return { kind: 'decided' as const, violated, margin: marginOf(condition, judged.record) }
          }),
        ),
      ),
  })
  const tried = result.tried + result.discarded
  return result.kind === 'counterexample' ? { row: joined(result.input.get('x') as Row), tried } : { tried }
}

/** Signed distance to violation of a comparison of numbers; undefined for other conditions. */
function marginOf(condition: Expr, record: RecordValue): number | undefined {
  if (condition.node !== 'call' || condition.args.length !== 2) return undefined
  const [left, right] = condition.args.map((arg) => {
    const value = evaluateExpr(arg, { row: record })
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
  })
  if (left === undefined || right === undefined) return undefined
  const [op] = condition.fn.split('_')
  if (op === 'ge' || op === 'gt') return left - right
  if (op === 'le' || op === 'lt') return right - left
  if (op === 'eq') return -Math.abs(left - right)
  return op === 'ne' ? Math.abs(left - right) : undefined
}
