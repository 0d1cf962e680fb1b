import type { ProgramColumn, ProgramDataset } from '../clause/program.ts'
import { truthWords } from '../language/sections/truth-format.ts'
import { looksWritten, sameTimes, TIME_FORMATS } from '../language/write/time-formats.ts'
import {
  type ColumnEvidence,
  distributionLikeness,
  isNumber,
  joined,
  nameLikeness,
  present,
  sameCell,
  type SampleTable,
} from './evidence.ts'

/** One way in which the data differs from the columns that are declared. */
export type SchemaChange =
  /** The declared column is no longer there; `to` is what it is called now. */
  | { readonly kind: 'renamed'; readonly column: string; readonly to: string; readonly evidence: ColumnEvidence }
  /** Its codes are others: each old one became one new one. */
  | {
      readonly kind: 'recoded'
      readonly column: string
      readonly codes: readonly (readonly [from: string, to: string])[]
      readonly rows: number
    }
  /** Its numbers are `factor` times what they were. */
  | {
      readonly kind: 'rescaled'
      readonly column: string
      readonly factor: number
      readonly rows: number
      readonly share: number
    }
  /** Its cells cannot be read as the declared type, but all of them as `to`. */
  | {
      readonly kind: 'retyped'
      readonly column: string
      readonly to: 'number' | 'integer' | 'text'
      readonly unread: number
    }
  /** Its times are written otherwise; `to` says how, where the cells tell. */
  | { readonly kind: 'reformatted'; readonly column: string; readonly to?: string; readonly unread: number }
  /** The declared column is no longer there, and nothing stands for it with enough evidence. */
  | {
      readonly kind: 'gone'
      readonly column: string
      readonly nearest?: string
      readonly evidence?: ColumnEvidence
      /** A column that holds it under another name and in another unit or other codes: two changes at once, which no patch follows. */
      readonly became?: Became
    }

/** What became of a column that was renamed and changed at once, told by rows with the same key. */
export interface Became {
  readonly to: string
  readonly rows: number
  readonly factor?: number
  readonly codes?: readonly (readonly [from: string, to: string])[]
}

/** Rows with a common key from which on they count. */
const ENOUGH_ROWS = 20
/** Share of rows that have to agree. */
const AGREE = 0.99

/**
 * What changed between the declared columns and the data, with its evidence. A column is taken for another only where the types
 * agree, no other column has as much for it, and rows with the same key agree; or, where there are no such rows, the names
 * are alike and the cells are in the declared domain, or distributed as before under any name.
 */
export function schemaChanges(
  dataset: ProgramDataset,
  now: SampleTable,
  before?: SampleTable,
): readonly SchemaChange[] {
  const declared = new Set(dataset.columns.map(({ name, path }) => path?.[0] ?? name))
  // A value inside of another may be missing from rows that are as declared: what became of it is not told by names.
  const own = dataset.columns.filter(({ path }) => path === undefined).map((column) => asStored(column, now))
  const extra = [...now.columns.keys()].filter((name) => !declared.has(name))
  const pairsOf = before === undefined ? undefined : joined(before, now, dataset.key)
  const missing = own.filter(({ name }) => !now.columns.has(name))
  const taken = new Map<string, string>()
  const changes = missing.map((column): SchemaChange => {
    const ranked = extra
      .map((to) => ({ to, evidence: evidenceOf(column, to, now, before, pairsOf) }))
      .toSorted((a, b) => weight(b.evidence) - weight(a.evidence))
    const [best, second] = ranked
    if (best === undefined) return { kind: 'gone', column: column.name }
    const clear = second === undefined || weight(best.evidence) - weight(second.evidence) >= 0.1
    if (!clear || !isEnough(best.evidence)) {
      const became = becameOf(column, extra, pairsOf)
      return {
        kind: 'gone',
        column: column.name,
        nearest: best.to,
        evidence: best.evidence,
        ...(became === undefined ? {} : { became }),
      }
    }
    taken.set(column.name, best.to)
    return { kind: 'renamed', column: column.name, ...best }
  })
  // Two declared columns cannot have become one.
  const claims = Map.groupBy(taken, ([, to]) => to)
  const settled = changes.map((change): SchemaChange => {
    if (change.kind !== 'renamed' || (claims.get(change.to)?.length ?? 0) < 2) return change
    return { kind: 'gone', column: change.column, nearest: change.to, evidence: change.evidence }
  })
  const kept = own.filter(({ name }) => now.columns.has(name))
  return [...settled, ...kept.flatMap((column) => changeOfCells(column, now, pairsOf) ?? [])]
}

/** Files that have times of their own (Parquet) need no format, and what is sampled of them is written as RFC 3339 has it. */
function asStored(column: ProgramColumn, { times }: SampleTable): ProgramColumn {
  if (column.format === undefined || times?.has(column.name) !== true) return column
  const { format: _, ...stored } = column
  return stored
}

type PairsOf = (old: string, found: string) => readonly (readonly [string, string])[]

function evidenceOf(
  column: ProgramColumn,
  to: string,
  now: SampleTable,
  before: SampleTable | undefined,
  pairsOf: PairsOf | undefined,
): ColumnEvidence {
  const cells = present(now.columns.get(to) ?? [])
  const share = (holds: (cell: string) => boolean): number =>
    cells.length === 0 ? 0 : cells.filter(holds).length / cells.length
  const earlier = before?.columns.get(column.name)
  const distribution = earlier === undefined ? undefined : distributionLikeness(present(earlier), cells)
  const pairs = earlier === undefined ? undefined : pairsOf?.(column.name, to)
  const equal = pairs?.filter(([a, b]) => sameCell(a, b)).length ?? 0
  return {
    name: nameLikeness(column.name, to),
    type: share((cell) => readable(column, cell)),
    domain: share((cell) => inDomain(column, cell)),
    ...(distribution === undefined ? {} : { distribution }),
    ...(pairs === undefined || pairs.length < ENOUGH_ROWS
      ? {}
      : { key: { rows: pairs.length, equal: equal / pairs.length } }),
  }
}

/** For ranking only. Rows that agree by key weigh most. */
function weight({ name, type, domain, distribution = 0, key }: ColumnEvidence): number {
  return (key?.equal ?? 0) * 4 + distribution + domain + type + name
}

function isEnough({ name, type, domain, distribution, key }: ColumnEvidence): boolean {
  if (type < AGREE) return false
  if (key !== undefined) return key.equal >= AGREE
  if (domain < AGREE) return false
  return name >= 0.6 || (distribution !== undefined && distribution >= 0.95)
}

function changeOfCells(
  column: ProgramColumn,
  now: SampleTable,
  pairsOf: PairsOf | undefined,
): SchemaChange | undefined {
  const cells = present(now.columns.get(column.name) ?? [])
  const pairs = pairsOf?.(column.name, column.name) ?? []
  if (cells.length === 0) return undefined
  if (column.values !== undefined) {
    if (cells.every((cell) => inDomain(column, cell)) || pairs.length < ENOUGH_ROWS) return undefined
    const codes = recoding(pairs)
    return codes && { kind: 'recoded', column: column.name, codes, rows: pairs.length }
  }
  const unread = cells.filter((cell) => !readable(column, cell)).length / cells.length
  if (unread > 1 - AGREE && column.columnType === 'timestamp') {
    const [to, ...others] = TIME_FORMATS.filter((format) => cells.every((cell) => looksWritten(cell, format)))
    if (to !== undefined) {
      const isClear = others.every((other) => sameTimes(other, to))
      return { kind: 'reformatted', column: column.name, ...(isClear ? { to } : {}), unread }
    }
  }
  if (unread > 1 - AGREE) {
    const to = cells.every(isNumber) ? (cells.every(isWhole) ? 'integer' : 'number') : 'text'
    return { kind: 'retyped', column: column.name, to, unread }
  }
  const factor = scaling(pairs)
  return factor && { kind: 'rescaled', column: column.name, ...factor, rows: pairs.length }
}

/** The one column whose cells are those of another in another unit or other codes; undefined where none is, or several are. */
function becameOf(column: ProgramColumn, extra: readonly string[], pairsOf: PairsOf | undefined): Became | undefined {
  const found = extra.flatMap((to): readonly Became[] => {
    const pairs = pairsOf?.(column.name, to) ?? []
    if (pairs.length < ENOUGH_ROWS) return []
    if (column.values !== undefined) {
      const codes = recoding(pairs)
      return codes === undefined || codes.length < 2 ? [] : [{ to, rows: pairs.length, codes }]
    }
    const scaled = column.columnType === 'integer' || column.columnType === 'number' ? scaling(pairs) : undefined
    // Of a column that does not vary, every other constant one is a multiple.
    return scaled === undefined || new Set(pairs.map(([old]) => old)).size < 2
      ? []
      : [{ to, rows: pairs.length, factor: scaled.factor }]
  })
  return found.length === 1 ? found[0] : undefined
}

/** Each old code with the one that it became, if that is one to one in nearly all rows and some code is new. */
function recoding(pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] | undefined {
  const codes = [...Map.groupBy(pairs, ([old]) => old)].map(([old, own]) => {
    const counted = [...Map.groupBy(own, ([, to]) => to)].toSorted(([, a], [, b]) => b.length - a.length)
    return { old, to: counted[0]?.[0] ?? '', share: (counted[0]?.[1].length ?? 0) / own.length }
  })
  const oneToOne =
    new Set(codes.map(({ to }) => to)).size === codes.length && codes.every(({ share }) => share >= AGREE)
  if (!oneToOne || codes.every(({ old, to }) => old === to)) return undefined
  return codes.map(({ old, to }) => [old, to] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** The factor between old and new numbers, if it is the same in nearly all rows and not 1. */
function scaling(
  pairs: readonly (readonly [string, string])[],
): { readonly factor: number; readonly share: number } | undefined {
  const numbers = pairs
    .map(([a, b]) => [Number(a), Number(b)] as const)
    .filter(([a, b]) => Number.isFinite(b) && a !== 0)
  if (numbers.length < ENOUGH_ROWS) return undefined
  const ratios = numbers.map(([a, b]) => b / a).toSorted((a, b) => a - b)
  const middle = ratios[ratios.length >> 1] ?? 1
  const factor = Number(middle.toPrecision(9))
  const share = ratios.filter((each) => Math.abs(each / middle - 1) < 1e-6).length / ratios.length
  return share >= AGREE && factor !== 0 && Math.abs(factor - 1) > 1e-6 ? { factor, share } : undefined
}

const ISO_TIME = /^\s*\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?)?\s*$/i

const isWhole = (cell: string): boolean => isNumber(cell) && Number.isInteger(Number(cell))

function readable(column: Pick<ProgramColumn, 'columnType' | 'format'>, cell: string): boolean {
  const { columnType, format } = column
  switch (columnType) {
    case 'integer':
      return isWhole(cell)
    case 'number':
      return isNumber(cell)
    case 'boolean':
      return isTruth(cell, format)
    case 'timestamp':
      return format === undefined ? ISO_TIME.test(cell) : looksWritten(cell, format)
    default:
      return true
  }
}

function isTruth(cell: string, format: string | undefined): boolean {
  const words = format === undefined ? undefined : truthWords(format)
  if (words === undefined) return /^(?:true|false|0|1)$/i.test(cell)
  const own = cell.trim().toLowerCase()
  return own === words.yes.toLowerCase() || own === words.no.toLowerCase()
}

function inDomain(column: ProgramColumn, cell: string): boolean {
  const { columnType, values, low, high } = column
  if (values !== undefined) return values.some(({ code }) => sameCell(String(code), cell))
  if (columnType !== 'integer' && columnType !== 'number') return readable(column, cell)
  return isNumber(cell) && Number(cell) >= Number(low ?? -Infinity) && Number(cell) <= Number(high ?? Infinity)
}
