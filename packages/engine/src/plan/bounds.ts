import { type Expr, identifier, join, type Literal, literalValue, type RowFunctionName, sql } from '@plumbline/core'
import type { Cell, Session } from '../duckdb/session.ts'
import type { Scope } from './scope.ts'

/** A condition that is a range of one column, each end a literal. */
export interface RangeCondition {
  readonly column: string
  readonly ends: readonly {
    readonly side: 'least' | 'greatest'
    readonly strict: boolean
    readonly bound: bigint | number
  }[]
}

/** Least and greatest cell of a column. */
export interface Bounds {
  readonly least: bigint | number
  readonly greatest: bigint | number
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
 * Least and greatest cells of Parquet columns, asked alone: then the file's own statistics answer, without reading a
 * cell. Only for whole files; a NaN (which sorts above all) or no cell at all tells nothing.
 */
export async function probeBounds(
  session: Session,
  scope: Scope,
  names: readonly string[],
): Promise<ReadonlyMap<string, Bounds>> {
  const found = new Map<string, Bounds>()
  const asked = [...new Set(names)].filter((name) => scope.relation.columns.get(name)?.plain !== undefined)
  if (!scope.relation.columnar || scope.relation.filter !== null || asked.length === 0) return found
  const columns = asked.flatMap((name, i) => {
    const cell = scope.column(name).plain ?? scope.column(name).cell
    return [sql`min(${cell}) AS ${identifier(`l${i}`)}`, sql`max(${cell}) AS ${identifier(`g${i}`)}`]
  })
  const result = await session.query(sql`SELECT ${join(columns, sql`, `)} FROM ${scope.relation.from}`)
  if (!result.ok) return found
  asked.forEach((name, i) => {
    const least = numeric(result.value.columns.get(`l${i}`)?.[0])
    const greatest = numeric(result.value.columns.get(`g${i}`)?.[0])
    if (least !== undefined && greatest !== undefined) found.set(name, { least, greatest })
  })
  return found
}

function numeric(cell: Cell | undefined): bigint | number | undefined {
  if (typeof cell === 'bigint') return cell
  return typeof cell === 'number' && !Number.isNaN(cell) ? cell : undefined
}
