import type { Random } from '../prng.ts'

/** One column of the rows of both samples: those of the reference first. */
export type DomainColumn =
  /** NaN is missing. */
  | { readonly kind: 'number'; readonly values: Float64Array }
  /** Values without an order; null is missing. */
  | { readonly kind: 'category'; readonly values: readonly (string | null)[] }
  /** Texts, whose words are what counts; null is missing. */
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }

/** Rows of two samples. */
export interface DomainRows {
  readonly columns: readonly DomainColumn[]
  /** Rows of the reference; those behind them are of the other sample. */
  readonly reference: number
  readonly rows: number
}

/** Rows that are learned from, and those that are judged by; indices. */
export interface DomainHalves {
  readonly learned: Uint32Array
  readonly judged: Uint32Array
}

/** Rows of one sample that are learned from, at most: beyond that a classifier of this size learns nothing more, and the others judge it more narrowly. */
export const MOST_LEARNED = 10_000

const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)

/** Spreads 32 bits over 32 bits. Source: A. Appleby, MurmurHash3 (finalizer; public domain). */
function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A text in 32 bits (FNV-1a over its UTF-16 units, mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h)
}

function hashAt({ kind, values }: DomainColumn, row: number): number {
  if (kind === 'number') {
    // One zero, and one way of not being a number.
    bits[0] = Number.isNaN(values[row]) ? Number.NaN : (values[row] as number) + 0
    return mix((words[0] as number) ^ mix(words[1] as number))
  }
  const value = values[row]
  return value === null || value === undefined ? 0x5bd1e995 : hashText(value)
}

/**
 * Half of each sample, but at most {@link MOST_LEARNED} rows of it, to learn from. Which rows that are follows from the seed and what the rows
 * hold, not from the order in which an engine gives them; of equal rows, which are the same to a classifier, so many.
 */
export function halves({ columns, reference, rows }: DomainRows, random: Random): DomainHalves {
  const seed = random.uint32() | 0
  const share = (size: number): number => Math.min(0.5, MOST_LEARNED / Math.max(1, size))
  const limits = [share(reference) * 2 ** 32, share(rows - reference) * 2 ** 32] as const
  const seen = [new Map<number, number>(), new Map<number, number>()] as const
  const learned: number[] = []
  const judged: number[] = []
  for (let row = 0; row < rows; row++) {
    const side = row < reference ? 0 : 1
    let hash = seed
    for (const column of columns) hash = mix(Math.imul(hash, 31) ^ hashAt(column, row))
    const before = seen[side].get(hash) ?? 0
    seen[side].set(hash, before + 1)
    const place = mix(hash ^ Math.imul(before + 1, 0x9e3779b1)) >>> 0
    if (place < limits[side]) learned.push(row)
    else judged.push(row)
  }
  return { learned: Uint32Array.from(learned), judged: Uint32Array.from(judged) }
}
