import {
  type Expr,
  identifier,
  join,
  type Literal,
  literalValue,
  type RowFunctionName,
  type Sql,
  sql,
} from '@plumbline/core'
import type { Cell, Database } from '../engines/database.ts'
import { type Bounds, type OpenRelation, type RelationColumn, rowsWith } from '../relations/relation.ts'

/** A condition that is a range of one column, each end a literal. */
export interface RangeCondition {
  readonly column: string
  readonly ends: readonly {
    readonly side: 'least' | 'greatest'
    readonly strict: boolean
    readonly bound: bigint | number
  }[]
}

const COMPARISON = /^(lt|le|gt|ge)_(int|double|int_double|double_int)$/
const MIRROR: Readonly<Record<string, string>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' }

/** The condition as a range (`c >= 1 && c <= 9`, `c > 0`); undefined for any other. */
export function rangeOf(expr: Expr): RangeCondition | undefined {
  if (expr.node === 'and') {
    const [left, right] = expr.args.map(rangeOf)
    if (left === undefined || right === undefined || left.column !== right.column) return undefined
    return { column: left.column, ends: [...left.ends, ...right.ends] }
  }
  if (expr.node !== 'call') return undefined
  const operator = operatorOf(expr.fn)
  const [a, b] = expr.args
  if (operator === undefined || a === undefined || b === undefined) return undefined
  if (a.node === 'column' && b.node === 'literal') return oneEnd(a.name, operator, b)
  if (a.node === 'literal' && b.node === 'column') return oneEnd(b.name, MIRROR[operator] ?? operator, a)
  return undefined
}

function operatorOf(fn: RowFunctionName): string | undefined {
  return COMPARISON.exec(fn)?.[1]
}

function oneEnd(column: string, operator: string, literal: Literal): RangeCondition | undefined {
  const bound = literalValue(literal)
  if (typeof bound !== 'bigint' && typeof bound !== 'number') return undefined
  const side = operator === 'gt' || operator === 'ge' ? 'least' : 'greatest'
  return { column, ends: [{ side, strict: operator === 'gt' || operator === 'lt', bound }] }
}

/** Whether every present cell satisfies the range, by the least and greatest alone. */
export function allWithin(range: RangeCondition, bounds: Bounds): boolean {
  return range.ends.every(({ side, strict, bound }) => {
    const end = bounds[side]
    if (strict) return side === 'least' ? end > bound : end < bound
    return side === 'least' ? end >= bound : end <= bound
  })
}

/**
 * The relation, with the bounds of its Parquet columns: asked alone, the file's own statistics answer for least and
 * greatest, without reading a cell. Of the whole file, so a split has no cell beyond them either. A NaN (which sorts
 * above all), an infinite time or no cell at all tells nothing. Within known bounds nothing has to be looked at that
 * makes a stored cell missing.
 */
export async function withBounds(
  session: Database,
  relation: OpenRelation,
  names: Iterable<string>,
): Promise<OpenRelation> {
  const wanted = new Set(names)
  const asked = [...wanted].flatMap((name) => {
    const column = relation.columns.get(name)
    return column?.plain === undefined ? [] : [{ column, plain: column.plain }]
  })
  if (!relation.columnar || asked.length === 0) return relation
  const ends = asked.flatMap(({ plain }, i) => [
    sql`min(${plain}) AS ${identifier(`l${i}`)}`,
    sql`max(${plain}) AS ${identifier(`g${i}`)}`,
  ])
  const result = await session.query(sql`SELECT ${join(ends, sql`, `)} FROM ${rowsWith(relation.from, wanted)}`)
  if (!result.ok) return relation
  const columns = new Map(relation.columns)
  asked.forEach(({ column, plain }, i) => {
    const [least] = result.value.columns.get(`l${i}`) ?? []
    const [greatest] = result.value.columns.get(`g${i}`) ?? []
    if (isEnd(column, least) && isEnd(column, greatest))
      columns.set(column.name, bounded(column, plain, { least, greatest }))
  })
  return { ...relation, columns }
}

/** The instants of DuckDB's ±infinity. */
const NEVER: ReadonlySet<unknown> = new Set([2n ** 63n - 1n, -(2n ** 63n - 1n)])

function isEnd({ type }: RelationColumn, cell: Cell | undefined): cell is bigint | number {
  if (typeof cell === 'bigint') return type.kind !== 'timestamp' || !NEVER.has(cell)
  return typeof cell === 'number' && !Number.isNaN(cell)
}

function bounded(column: RelationColumn, plain: Sql, bounds: Bounds): RelationColumn {
  const { misfit: _never, ...readable } = column
  if (column.type.kind === 'timestamp') return { ...readable, cell: plain, bounds }
  return column.type.kind === 'double'
    ? { ...column, cell: sql`CAST(${plain} AS DOUBLE)`, bounds }
    : { ...column, bounds }
}

/** Sums, differences and products, by the names of their functions. */
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  add_double: (a, b) => a + b,
  sub_double: (a, b) => a - b,
  mul_double: (a, b) => a * b,
}

/**
 * Between which numbers a float64 expression stays, where its columns are bounded; undefined where that is not known.
 * IEEE 754 rounds monotonically, so a sum or product of two intervals lies between those of their ends.
 */
export function spanOf(expr: Expr, boundsOf: (column: string) => Bounds | undefined): readonly number[] | undefined {
  if (expr.type.kind !== 'double') return undefined
  if (expr.node === 'literal') return finite([Number(literalValue(expr))])
  if (expr.node === 'column') {
    const bounds = boundsOf(expr.name)
    return bounds === undefined ? undefined : finite([Number(bounds.least), Number(bounds.greatest)])
  }
  const combine = expr.node === 'call' ? ARITHMETIC[expr.fn] : undefined
  if (expr.node !== 'call' || combine === undefined) return undefined
  const [left, right] = expr.args.map((arg) => spanOf(arg, boundsOf))
  if (left === undefined || right === undefined) return undefined
  const ends = left.flatMap((a) => right.map((b) => combine(a, b)))
  return finite([Math.min(...ends), Math.max(...ends)])
}

function finite(ends: readonly number[]): readonly number[] | undefined {
  return ends.every(Number.isFinite) ? ends : undefined
}
