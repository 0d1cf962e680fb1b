import type { ColumnDoubt, ColumnType } from '@plumbline/core'
import type { CellStats, RawColumn } from './cell-stats.ts'
import type { WrittenTimes } from './time-formats.ts'

/** The type of a column as far as one pass tells; categories need their values. */
export interface FoundType {
  readonly type: Exclude<ColumnType, 'category' | 'list' | 'image'>
  /** Its values are to be listed: few, so that it may be a category. */
  readonly maybeCategory: boolean
  readonly doubts: readonly ColumnDoubt[]
  /** Texts of the file that are missing values if this type is right. */
  readonly tokens: readonly string[]
  /** How its texts are times, where they are not of ISO 8601. */
  readonly times?: WrittenTimes
}

/** Above this many distinct values (approximate, hence with a reserve) nothing is a category. */
const FEW = 30
const LARGEST_CODE = 9n

/** Whether the type of the column rests on texts that elsewhere may be values. */
export function restsOnWeakTokens(found: FoundType, stats: CellStats): boolean {
  return found.tokens.some((token) => token.trim() !== '' && stats.weakTokens.includes(token))
}

/** Decides the type. `weak` admits weak null tokens; without it a column that needs them is text. */
export function columnType(column: RawColumn, stats: CellStats, weak = true): FoundType {
  const { tokens, weakTokens, missing } = stats
  if (!column.untyped) return declaredType(column, stats)
  const set = column.nullable ? [...tokens, ...weakTokens] : []
  if (stats.cells > 0 && (weak || !weakTokens.some((token) => token.trim() !== ''))) {
    const type = typeOfTexts(column, stats, missing + set.length > 0)
    if (type !== undefined) return typed(column.name, type, stats, set)
  }
  const left = column.nullable ? tokens : []
  return textType(stats, left, !column.nullable || (!weak && stats.cells > 0))
}

function typeOfTexts(
  column: RawColumn,
  stats: CellStats,
  hasMissing: boolean,
): Exclude<FoundType['type'], 'text'> | undefined {
  const { cells, misfits, words, digits, zeros, isoTimes } = stats
  if (words === cells) return 'boolean'
  // 02134 is a postcode: read as a number it would lose its zero.
  if (zeros > 0 && digits === cells) return undefined
  // 24.0 beside an empty cell is how pandas writes the whole number 24.
  if (misfits.integer === 0 && (digits === cells || hasMissing)) return flagOrInteger(column.name, stats)
  // Whole numbers beyond int64 are identifiers more often than amounts.
  if (misfits.number === 0 && digits < cells) return 'number'
  return misfits.timestamp === 0 && isoTimes === cells ? 'timestamp' : undefined
}

function flagOrInteger(name: string, { low, high }: CellStats): 'boolean' | 'integer' {
  const flag = /^(is|has|was|did)([_ -]|[A-Z])|[_ -](flag|yn)$/.test(name)
  return flag && Number(low.integer) >= 0 && Number(high.integer) <= 1 ? 'boolean' : 'integer'
}

function declaredType(column: RawColumn, stats: CellStats): FoundType {
  const { misfits, cells } = stats
  if (misfits.boolean !== Number.POSITIVE_INFINITY) return typed(column.name, 'boolean', stats, [])
  if (misfits.timestamp !== Number.POSITIVE_INFINITY) {
    return misfits.timestamp === 0 ? typed(column.name, 'timestamp', stats, []) : textType(stats, [], false)
  }
  const whole = /INT|^BIGNUM$/.test(column.type)
  const float = column.type === 'DOUBLE' || column.type === 'FLOAT'
  if (misfits.integer === 0 && cells > 0 && (whole || (float && stats.missing > 0))) {
    return typed(column.name, flagOrInteger(column.name, stats), stats, [])
  }
  if (misfits.number === 0) return typed(column.name, 'number', stats, [])
  return textType(stats, [], true)
}

function typed(
  name: string,
  type: Exclude<FoundType['type'], 'text'>,
  stats: CellStats,
  tokens: readonly string[],
): FoundType {
  const maybeCategory = type === 'integer' && mayBeCodes(name, stats)
  return { type, maybeCategory, doubts: type === 'integer' ? epochOf(name, stats) : [], tokens }
}

const MOMENT =
  /(^|[_ .-])(ts|time|timestamp|datetime|date|created|updated|modified|at|epoch|when)([_ .-]|$)|[a-z](At|Time|Date|Ts)$/i
/** 2000-01-01 and 2100-01-01 UTC, in seconds. */
const CENTURY = [946_684_800n, 4_102_444_800n] as const

/** Whole numbers of a name for times that would all be of this century, counted from 1970. */
function epochOf(name: string, { low, high }: CellStats): readonly ColumnDoubt[] {
  const [least, most] = [low.integer, high.integer]
  if (typeof least !== 'bigint' || typeof most !== 'bigint' || !MOMENT.test(name)) return []
  const unit = ([1n, 1_000n, 1_000_000n] as const).findIndex(
    (each) => least >= CENTURY[0] * each && most <= CENTURY[1] * each,
  )
  return unit < 0 ? [] : [(['epoch_s', 'epoch_ms', 'epoch_us'] as const)[unit] ?? 'epoch_s']
}

const AMOUNT =
  /(^|[_ -])(n|nb|no|num|number|count|cnt|qty|quantity|since|years?|months?|days?|hours?|age|size|total|sum)([_ -]|$)/i

/** Small whole numbers from 0, unless the name says that they count something. */
function mayBeCodes(name: string, { low, high, distinct }: CellStats): boolean {
  if (typeof low.integer !== 'bigint' || typeof high.integer !== 'bigint') return false
  return low.integer >= 0n && high.integer <= LARGEST_CODE && distinct <= FEW && !AMOUNT.test(name)
}

function textType(stats: CellStats, tokens: readonly string[], nullLike: boolean): FoundType {
  const { cells, digits, otherTimes, otherNumbers, distinct } = stats
  const doubts: ColumnDoubt[] = []
  if (cells === 0 && stats.weakTokens.length === 0) doubts.push('all-missing')
  else if (cells > 0 && digits === cells && !nullLike) doubts.push('digits')
  else if (cells > 0 && otherTimes === cells) doubts.push('dates')
  else if (cells > 0 && otherNumbers === cells && !nullLike) doubts.push('numbers')
  if (nullLike && (stats.tokens.length > 0 || stats.weakTokens.some((token) => token.trim() !== '')))
    doubts.push('null-like')
  return { type: 'text', maybeCategory: cells > 0 && distinct <= FEW, doubts, tokens }
}
