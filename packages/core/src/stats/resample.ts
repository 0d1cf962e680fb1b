import type { Random } from './prng.ts'
import { logFactorial } from './special/gamma.ts'

/**
 * A sample to resample from: `sizes[k]` rows of kind k. Rows that a statistic cannot tell apart share a kind: a
 * histogram has one kind per bin, a confusion matrix four, a ranking one per row.
 */
export interface Population {
  readonly sizes: Uint32Array
  /** Number of rows, Σ sizes. */
  readonly total: number
}

/** A population of n distinguishable rows. */
export function rowPopulation(n: number): Population {
  return { sizes: new Uint32Array(n).fill(1), total: n }
}

/** A population given by the number of rows of each kind (non-negative integers below 2^32). */
export function cellPopulation(sizes: ArrayLike<number>): Population {
  const kept = Uint32Array.from(sizes)
  return { sizes: kept, total: kept.reduce((sum, size) => sum + size, 0) }
}

/** The kind of every row, in the order of the kinds. */
export function kindOfRow(population: Population): Uint32Array {
  const kinds = new Uint32Array(population.total)
  let row = 0
  for (let kind = 0; kind < population.sizes.length; kind++) {
    const end = row + (population.sizes[kind] as number)
    kinds.fill(kind, row, end)
    row = end
  }
  return kinds
}

/**
 * One draw from Binomial(n, p), exact. Sources: inversion by sequential search for small means, else the transformed
 * rejection BTRS of W. Hörmann, Journal of Statistical Computation and Simulation 46 (1993).
 */
export function drawBinomial(n: number, p: number, random: Random): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random)
  return n * p < 10 ? binomialInversion(n, p, random) : binomialRejection(n, p, random)
}

function binomialInversion(n: number, p: number, random: Random): number {
  const ratio = p / (1 - p)
  const none = Math.exp(n * Math.log1p(-p))
  for (;;) {
    let probability = none
    let left = random.float()
    for (let k = 0; k <= n; k++) {
      if (left < probability) return k
      left -= probability
      probability *= (ratio * (n - k)) / (k + 1)
      if (probability === 0) break
    }
    // The sum of the probabilities fell short of the draw by rounding: draw again.
  }
}

function binomialRejection(n: number, p: number, random: Random): number {
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const center = n * p + 0.5
  const certain = 0.92 - 4.2 / b
  for (;;) {
    const u = random.float() - 0.5
    const v = random.float()
    const spread = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / spread + b) * u + center)
    if (k < 0 || k > n) continue
    if (spread >= 0.07 && v <= certain) return k
    // Most draws end above; what follows is the expensive part.
    const alpha = (2.83 + 5.1 / b) * deviation
    const mode = Math.floor((n + 1) * p)
    const logOdds = Math.log(p / (1 - p))
    const atMode = logFactorial(mode) + logFactorial(n - mode)
    const bound = atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds
    if (Math.log((v * alpha) / (a / (spread * spread) + b)) <= bound) return k
  }
}

/** Draws one resample, with replacement, of the size of the population, and writes how often each kind came. */
export type Resampler = (random: Random, counts: Uint32Array) => void

/** From here on the counts fit no fast cache, and draws all over them wait for the memory. */
const MANY_ROWS = 1 << 17
/** Counts that fit the fastest cache of common processors. */
const BLOCK = 4096

/** The same draw, block by block: how many rows come from each by binomial draws one after another, and which ones within. */
function tallyBlocks(total: number, random: Random, counts: Uint32Array): void {
  let rows = total
  for (let start = 0; start < total; start += BLOCK) {
    const end = Math.min(start + BLOCK, total)
    const drawn = drawBinomial(rows, (end - start) / (total - start), random)
    random.tally(drawn, counts.subarray(start, end))
    rows -= drawn
  }
}

/**
 * The resampler of a population: multinomial counts. Few large kinds cost a binomial draw each; many small ones a
 * uniform draw per row.
 */
export function createResampler(population: Population): Resampler {
  const { sizes, total } = population
  const kinds = sizes.length
  if (kinds === total && sizes.every((size) => size === 1)) {
    return (random, counts) => {
      counts.fill(0)
      if (total < MANY_ROWS) random.tally(total, counts)
      else tallyBlocks(total, random, counts)
    }
  }
  if (kinds * 12 < total) {
    return (random, counts) => {
      let rows = total
      let remaining = total
      for (let kind = 0; kind < kinds; kind++) {
        const size = sizes[kind] as number
        const drawn = remaining === 0 ? 0 : drawBinomial(rows, size / remaining, random)
        counts[kind] = drawn
        rows -= drawn
        remaining -= size
      }
    }
  }
  const kindOf = kindOfRow(population)
  return (random, counts) => {
    counts.fill(0)
    random.tally(total, counts, kindOf)
  }
}
