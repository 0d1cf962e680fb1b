import type { Random } from './prng.ts'
import { kindOfRow, type Population } from './resample.ts'

/** Up to this many kinds, every kind is left out once; above it rows are left out in random groups. */
const MAX_KINDS = 500

/** Random groups of rows: the standard error of the acceleration is then about 0.41 / 250, which moves no interval. */
export const GROUPS = 250

/** The changes of the statistic when rows are left out: value, weight (how many rows act so), rows left out. */
export interface Deletion {
  readonly value: number
  readonly weight: number
  readonly rows: number
}

/**
 * Acceleration of BCa from the jackknife: skewness of the influence of the rows, over six. Populations add up:
 * Σ Σ S³/n³ / (6 (Σ Σ S²/n²)^1.5), S = (n − rows left out) (mean − value without them). Deletions on which the
 * statistic is undefined are left aside; without any variation the acceleration is 0.
 * Source: Efron (1987), section 6; delete-a-group form as in J. Shao, D. Tu, The Jackknife and Bootstrap (1995).
 */
export function acceleration(
  populations: readonly Population[],
  evaluate: (counts: readonly Uint32Array[]) => number | undefined,
  random: Random,
): number {
  let cubes = 0
  let squares = 0
  populations.forEach((population, index) => {
    const counts = populations.map((each, i) => (i === index ? each.sizes.slice() : each.sizes))
    const changed = counts[index] as Uint32Array
    const deletions =
      population.sizes.length <= MAX_KINDS
        ? deleteKinds(population, changed, () => evaluate(counts))
        : deleteGroups(population, changed, () => evaluate(counts), random)
    const weight = deletions.reduce((sum, each) => sum + each.weight, 0)
    const mean = deletions.reduce((sum, each) => sum + each.weight * each.value, 0) / weight
    const n = population.total
    for (const each of deletions) {
      const influence = ((n - each.rows) / n) * (mean - each.value)
      squares += each.weight * influence ** 2
      cubes += each.weight * influence ** 3
    }
  })
  const result = cubes / (6 * squares ** 1.5)
  return Number.isFinite(result) ? result : 0
}

function deleteKinds(population: Population, counts: Uint32Array, evaluate: () => number | undefined): Deletion[] {
  const deletions: Deletion[] = []
  for (let kind = 0; kind < counts.length; kind++) {
    const size = population.sizes[kind] as number
    if (size === 0) continue
    counts[kind] = size - 1
    const value = evaluate()
    counts[kind] = size
    if (value !== undefined) deletions.push({ value, weight: size, rows: 1 })
  }
  return deletions
}

/** The statistic with each of {@link GROUPS} random groups of rows left out; groups are as even as can be. */
export function deleteGroups(
  population: Population,
  counts: Uint32Array,
  evaluate: () => number | undefined,
  random: Random,
): Deletion[] {
  const kinds = random.shuffle(kindOfRow(population))
  const deletions: Deletion[] = []
  const groups = Math.min(GROUPS, kinds.length)
  for (let group = 0; group < groups; group++) {
    let rows = 0
    for (let i = group; i < kinds.length; i += groups) {
      ;(counts[kinds[i] as number] as number)--
      rows++
    }
    const value = evaluate()
    for (let i = group; i < kinds.length; i += groups) (counts[kinds[i] as number] as number)++
    if (value !== undefined) deletions.push({ value, weight: 1, rows })
  }
  return deletions
}
