import { floatLiteral, integerLiteral, type ProgramColumn, type Sql, sql, textLiteral } from '@plumbline/core'
import type { Cell } from '../duckdb/session.ts'
import type { RelationColumn } from '../relations/relation.ts'

/** At most so many bars a column. */
export const BINS = 12

/** A column as declared and as read. */
export interface Counted {
  readonly declared: ProgramColumn
  readonly read: RelationColumn
}

/** The bars of a column that are known before they are counted: their labels and conditions. */
export interface Bar {
  readonly label: string
  readonly condition: Sql
}

/** The bars of a column; undefined where its values must be looked up first. */
export function barsOf({ declared, read }: Counted, low: Cell, high: Cell): readonly Bar[] | undefined {
  const { cell } = read
  switch (declared.columnType) {
    case 'integer':
      return typeof low === 'bigint' && typeof high === 'bigint' ? integerBars(cell, low, high) : []
    case 'number':
      return typeof low === 'number' && typeof high === 'number' ? numberBars(cell, low, high) : []
    case 'timestamp':
      return typeof low === 'bigint' && typeof high === 'bigint' ? timeBars(cell, low, high) : []
    case 'boolean':
      return [
        { label: 'false', condition: sql`NOT ${cell}` },
        { label: 'true', condition: cell },
      ]
    case 'category':
      return declared.values !== undefined && declared.values.length <= BINS
        ? declared.values.map(({ code, label }) => ({
            label: label ?? String(code),
            condition: sql`${cell} = ${codeLiteral(code)}`,
          }))
        : undefined
    case 'list':
    case 'image':
      return []
    case 'text':
      return undefined
  }
}

function codeLiteral(code: string | number | boolean): Sql {
  if (typeof code === 'string') return textLiteral(code)
  if (typeof code === 'boolean') return code ? sql`true` : sql`false`
  return integerLiteral(BigInt(code))
}

/** Edges of bins of equal width: `count + 1` of them, exact. */
function integerEdges(low: bigint, high: bigint): readonly bigint[] {
  const width = (high - low) / BigInt(BINS) + 1n
  const edges: bigint[] = []
  for (let edge = low; edge <= high; edge += width) edges.push(edge)
  return edges
}

function integerBars(cell: Sql, low: bigint, high: bigint): readonly Bar[] {
  const edges = integerEdges(low, high)
  return edges.map((edge, k) => {
    const next = edges[k + 1]
    const last = next === undefined ? high : next - 1n
    return {
      label: edge === last ? `${edge}` : `${edge} – ${last}`,
      condition: sql`${cell} BETWEEN ${integerLiteral(edge)} AND ${integerLiteral(last)}`,
    }
  })
}

function timeBars(cell: Sql, low: bigint, high: bigint): readonly Bar[] {
  const edges = integerEdges(low, high)
  const wide = high - low >= 86_400_000_000n * BigInt(BINS)
  const label = (micros: bigint): string => {
    const date = new Date(Number(micros / 1000n))
    const text = Number.isNaN(date.getTime()) ? `${micros} µs` : date.toISOString()
    return wide ? text.slice(0, text.indexOf('T') === -1 ? undefined : text.indexOf('T')) : text.replace('.000Z', 'Z')
  }
  return edges.map((edge, k) => {
    const last = (edges[k + 1] ?? high + 1n) - 1n
    const [from, to] = [sql`make_timestamp(${integerLiteral(edge)})`, sql`make_timestamp(${integerLiteral(last)})`]
    return {
      label: edge === last ? label(edge) : `${label(edge)} – ${label(last)}`,
      condition: sql`${cell} BETWEEN ${from} AND ${to}`,
    }
  })
}

function numberBars(cell: Sql, low: number, high: number): readonly Bar[] {
  if (low === high) return [{ label: short(low), condition: sql`${cell} IS NOT NULL` }]
  // In halves, since the distance of two float64 may be beyond float64.
  const edge = (k: number): number => (k === BINS ? high : low * ((BINS - k) / BINS) + high * (k / BINS))
  const edges = Array.from({ length: BINS + 1 }, (_, k) => edge(k))
  return Array.from({ length: BINS }, (_, k) => {
    const [from = low, to = high] = [edges[k], edges[k + 1]]
    const above = k === 0 ? sql`${cell} IS NOT NULL` : sql`${cell} >= ${floatLiteral(from)}`
    const below = k === BINS - 1 ? sql`true` : sql`${cell} < ${floatLiteral(to)}`
    return { label: `${short(from)} – ${short(to)}`, condition: sql`${above} AND ${below}` }
  })
}

const short = (value: number): string => String(Number(value.toPrecision(4)))
