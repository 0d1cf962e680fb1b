import {
  createEvaluator,
  type EveryClause,
  type Evaluator,
  identifier,
  integerLiteral,
  isError,
  join,
  MASKED,
  type Measured,
  possibleErrors,
  type Sql,
  sql,
  type Value,
  type Witness,
} from '@plumbline/core'
import type { QueryError } from '../duckdb/failure.ts'
import type { Cell, Database, Table } from '../engines/database.ts'
import { measuredCell, valueOfCell } from './cells.ts'
import { claimedTwice, columnsOfCondition, conditionValue, keyMissing, notRows } from './every.ts'
import { narrowed, type RowFilter, type Scope, where } from './scope.ts'
import { violationOf } from './violation.ts'

/** Failing rows, or why they could not be had; `disagrees` = the reference evaluator finds no fault with one. */
export type Witnessed =
  | { readonly ok: true; readonly value: readonly Witness[] }
  | { readonly ok: false; readonly error: QueryError }
  | { readonly ok: false; readonly disagrees: Witness }

/** Which of the failing rows are wanted: the worst (largest violation, then key, then position), or the first, which costs less. */
export type WhichRows = 'worst' | 'first'

/**
 * Failing rows of an `every` clause. Each is asked again of the reference evaluator, which says why it fails; a row that
 * it lets pass is a disagreement of two meanings, the worst fault the engine can have. Cells of sensitive columns are masked.
 */
export async function fetchWitnesses(
  session: Database,
  scope: Scope,
  clause: EveryClause,
  filter: RowFilter,
  limit: number,
  which: WhichRows,
): Promise<Witnessed> {
  const result = await session.query(shownRows(scope, clause, filter, limit, which))
  return result.ok ? witnessesOf(scope, clause, result.value, which) : result
}

/**
 * The failing rows as they are shown: "row", the cells `w0`, `w1` … of `columnsShown`, and the texts `t0`, `t1` … of those that cannot be read.
 */
export function shownRows(scope: Scope, clause: EveryClause, filter: RowFilter, limit: number, which: WhichRows): Sql {
  const names = columnsShown(scope, clause)
  const cells = names.map((name, i) => sql`${scope.column(name).cell} AS ${identifier(`w${i}`)}`)
  const texts = names.map((name, i) => sql`${scope.column(name).misfit ?? sql`NULL`} AS ${identifier(`t${i}`)}`)
  const select = join([sql`"row"`, ...cells, ...texts], sql`, `)
  return sql`SELECT ${select} FROM ${failingRows(scope, clause, filter)}${which === 'worst' ? worstFirst(scope, clause) : sql``} LIMIT ${integerLiteral(BigInt(limit))}`
}

/** Rows that were shown as witnesses, each asked again of the reference evaluator. */
export function witnessesOf(scope: Scope, clause: EveryClause, rows: Table, which: WhichRows): Witnessed {
  const names = columnsShown(scope, clause)
  const witnesses: Witness[] = []
  const evaluator = createEvaluator()
  for (let i = 0; i < rows.rows; i++) {
    const row = readRow(rows, names, i)
    const because = reasonOf(scope, clause, evaluator, names, row)
    const witness = witnessOf(scope, clause, names, row, because ?? 'true')
    if (because === undefined) return { ok: false, disagrees: witness }
    witnesses.push(witness)
  }
  return { ok: true, value: which === 'worst' ? witnesses : witnesses.sort((a, b) => a.row - b.row) }
}

/** The key, and what the clause reads, as far as it can be read. */
export function columnsShown(scope: Scope, clause: EveryClause): readonly string[] {
  const wanted = new Set([...scope.relation.key, ...columnsOfCondition(clause.condition)])
  return [...wanted].filter((name) => scope.relation.columns.has(name))
}

/** Largest violation first, where the condition has a size; then by key, then by position. */
export function worstFirst(scope: Scope, clause: EveryClause): Sql {
  const { condition } = clause
  // What a database makes of differences (overflow, types) is its own affair; there the key decides.
  const sized = condition.kind === 'expr' && scope.relation.database === undefined
  const size = sized ? violationOf(scope, condition.expr) : undefined
  const keys = scope.relation.key.flatMap((name) => scope.relation.columns.get(name)?.cell ?? [])
  const order = [
    ...(size === undefined ? [] : [sql`${size} DESC NULLS LAST`]),
    ...keys.map((key) => sql`${key} NULLS LAST`),
    sql`"row"`,
  ]
  return sql` ORDER BY ${join(order, sql`, `)}`
}

interface Row {
  readonly position: number
  readonly cells: readonly Cell[]
  /** What the source held where it could not be read. */
  readonly texts: readonly Cell[]
}

function readRow(table: Table, names: readonly string[], at: number): Row {
  const cell = (column: string): Cell => table.columns.get(column)?.[at] ?? null
  return {
    position: Number(cell('row')),
    cells: names.map((_, i) => cell(`w${i}`)),
    texts: names.map((_, i) => cell(`t${i}`)),
  }
}

/** A FROM item with the failing rows. */
export function failingRows(scope: Scope, clause: EveryClause, filter: RowFilter): Sql {
  const { condition } = clause
  const { numbered } = narrowed(scope, [...columnsShown(scope, clause), ...filter.columns]).relation
  switch (condition.kind) {
    case 'expr': {
      const value = conditionValue(scope, clause, condition.expr)
      const failing = sql`NOT coalesce(${value}, false)`
      const errors = possibleErrors(condition.expr)
      const onlyMissing = errors.size === 1 && errors.has('missing')
      // Where nothing else can go wrong, rows without a value are those left out; the engine then skips blocks by their statistics.
      const more =
        clause.missing === 'fail'
          ? [failing]
          : onlyMissing
            ? [sql`NOT (${value})`]
            : [failing, sql`NOT ${scope.missing(condition.expr)}`]
      return sql`${numbered}${where(scope, filter, ...more)}`
    }
    case 'castable':
      return sql`${numbered}${where(scope, filter, sql`${scope.column(condition.column).misfit ?? sql`NULL`} IS NOT NULL`)}`
    case 'disjoint-splits':
      return sql`${numbered}${where(scope, filter, claimedTwice(scope, condition.splits))}`
    case 'unique-key': {
      const cells = condition.columns.map((name) => scope.column(name).cell)
      const missing = keyMissing(scope, condition.columns)
      const lacking = clause.missing === 'fail' ? missing : sql`false`
      return sql`(SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY ${join(cells, sql`, `)}) AS "same" FROM ${numbered}${where(scope, filter)}) AS "counted"
        WHERE ${lacking} OR ("same" > 1 AND NOT ${missing}) ORDER BY "row") AS "failing"`
    }
    case 'release':
      return notRows(clause)
  }
}

/** Why a row fails: `false` or the error's code; undefined when the reference evaluator finds that it does not. */
function reasonOf(
  scope: Scope,
  clause: EveryClause,
  evaluator: Evaluator,
  names: readonly string[],
  row: Row,
): string | undefined {
  const { condition } = clause
  if (condition.kind === 'castable') return 'invalid-conversion'
  const cells = new Map<string, Value | null>(
    names.map((name, i) => [name, valueOfCell(row.cells[i] ?? null, scope.column(name).type)]),
  )
  if (condition.kind === 'unique-key') {
    return condition.columns.some((name) => cells.get(name) === null) ? 'missing' : 'false'
  }
  if (condition.kind === 'disjoint-splits') {
    const claims = condition.splits.filter((split) => evaluator.evaluate(split.condition, { row: cells }) === true)
    return claims.length > 1 ? 'false' : undefined
  }
  if (condition.kind === 'release') return notRows(clause)
  const outcome = evaluator.evaluate(condition.expr, { row: cells })
  if (isError(outcome)) return outcome.error
  return outcome === true ? undefined : 'false'
}

function witnessOf(scope: Scope, clause: EveryClause, names: readonly string[], row: Row, because: string): Witness {
  const shown = (name: string): Measured => {
    const i = names.indexOf(name)
    const isThere = (row.cells[i] ?? null) !== null || (row.texts[i] ?? null) !== null
    if (isThere && isSensitive(scope, name)) return MASKED
    return (row.texts[i] ?? null) !== null
      ? (row.texts[i] as Cell)
      : measuredCell(row.cells[i] ?? null, scope.column(name).type)
  }
  const pick = (wanted: Iterable<string>): Record<string, Measured> =>
    Object.fromEntries([...wanted].filter((name) => names.includes(name)).map((name) => [name, shown(name)]))
  return {
    row: row.position,
    key: pick(scope.relation.key),
    cells: pick(columnsOfCondition(clause.condition)),
    because,
  }
}

/** Whether cells of a column are shown to nobody. */
export function isSensitive(scope: Scope, column: string): boolean {
  return scope.relation.declared.get(column)?.sensitive === true
}
