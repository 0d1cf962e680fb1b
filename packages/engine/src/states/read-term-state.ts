import { isDigest, stats } from '@plumbline/core'
import type { KeptNumbers } from './counted-numbers.ts'
import { cellKey, type KeptCell, type TermState } from './term-state.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isWhole = (value: unknown): boolean => typeof value === 'string' && /^-?\d{1,60}$/.test(value)

/** Whether a parsed value is the state of a term. */
export function isTermState(value: unknown): value is TermState {
  if (!isRecord(value) || !isRecord(value['counts']) || !isRecord(value['rest'])) return false
  if (!Object.values(value['counts']).every((count) => Number.isSafeInteger(count) && (count as number) >= 0))
    return false
  if (![value['numbers'], value['compared']].every((each) => each === undefined || isKeptNumbers(each))) return false
  const { kind, sum, cell, cells, moments, whole, registers, histogram, edges, rows, compared, sketch, files } =
    value['rest']
  switch (kind) {
    case 'none':
      return true
    case 'whole':
      return isWhole(sum)
    case 'sum':
      return typeof sum === 'number' && Number.isFinite(sum)
    case 'least':
    case 'greatest':
      return isCell(cell)
    case 'set':
      return Array.isArray(cells) && cells.every((each) => each !== null && isCell(each)) && areDistinct(cells)
    case 'registers':
      return typeof registers === 'string' && stats.areRegisters(new Uint8Array(Buffer.from(registers, 'base64')))
    case 'log-histogram':
      return (
        isRecord(histogram) && isCount(histogram['zeros']) && areBins(histogram['above']) && areBins(histogram['below'])
      )
    case 'ranks':
      return isRanks(sketch)
    case 'keys':
      return Array.isArray(files) && files.every(isKeyHashes)
    case 'bins':
      return (
        areCounts(rows) &&
        areEdges(edges, rows.length) &&
        (compared === undefined || (areCounts(compared) && compared.length === rows.length))
      )
    case 'moments':
      return isMoments(moments) && (whole === undefined || isWhole(whole))
    case 'co-moments':
      return (
        isRecord(moments) &&
        isMoments(moments['x']) &&
        isMoments(moments['y']) &&
        moments['x'].n === moments['y'].n &&
        Number.isFinite(moments['products'])
      )
    default:
      return false
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Whether a parsed value names a file of hashes. */
export function isKeyHashes(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 2 && isCount(value['rows']) && isDigest(value['digest'])
}

function isRanks(value: unknown): boolean {
  if (!isRecord(value) || !isCount(value['n']) || !Number.isFinite(value['squares'])) return false
  const { levels } = value
  if (!Array.isArray(levels) || levels.length > 53) return false
  const areNumbers = (items: unknown) => Array.isArray(items) && items.every((item) => typeof item === 'number')
  return levels.every(areNumbers) && stats.isRankSketch(value as unknown as stats.RankSketch)
}

const areCounts = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isCount)

/** Whether a parsed value is counted numbers: ascending, each at least once. */
export function isKeptNumbers(value: unknown): value is KeptNumbers {
  if (!isRecord(value) || Object.keys(value).length !== 3 || !isCount(value['missing'])) return false
  const { values, counts } = value
  if (!areCounts(counts) || counts.some((count) => count === 0 || count >= 2 ** 32)) return false
  return Array.isArray(values) && values.length === counts.length && areAscending(values)
}

const areAscending = (values: readonly unknown[]): boolean =>
  values.every((each, i) => typeof each === 'number' && (i === 0 ? !Number.isNaN(each) : each > Number(values[i - 1])))

/** Ascending, and as many as lie between so many bins and one of missing cells. */
function areEdges(value: unknown, bins: number): boolean {
  if (value === null) return bins >= 2
  return Array.isArray(value) && value.length + 2 === bins && areAscending(value)
}

/** Bins with their counts, ascending. */
function areBins(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  return value.every((each: unknown, i) => {
    if (!Array.isArray(each) || each.length !== 2 || typeof each[0] !== 'number' || !isCount(each[1])) return false
    const before: unknown = value[i - 1]
    return i === 0 || (Array.isArray(before) && Number(before[0]) < each[0])
  })
}

const areDistinct = (cells: readonly unknown[]): boolean =>
  new Set(cells.map((cell) => cellKey(cell as KeptCell))).size === cells.length

function isCell(value: unknown): boolean {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return !Number.isNaN(value)
  return isRecord(value) && Object.keys(value).length === 1 && isWhole(value['int'])
}

function isMoments(value: unknown): value is stats.Moments {
  if (!isRecord(value)) return false
  const { n, sum, squares, least, greatest } = value as unknown as stats.Moments
  if (!Number.isSafeInteger(n) || n < 0) return false
  if (n === 0) return sum === 0 && squares === 0 && least === Infinity && greatest === -Infinity
  return [sum, squares, least, greatest].every(Number.isFinite) && squares >= 0 && least <= greatest
}
