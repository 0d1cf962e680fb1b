import { type DomainRows, hashText } from './rows.ts'

/** Bins of a feature, at most. The first is that of missing cells. */
export const MOST_BINS = 32

/** Words of a text column are told apart by so many hashes. */
const WORDS = 256

/** A feature: the bin of each row. */
export type Feature = Uint8Array

/** The features of rows. Where bins end, and in which order categories stand, is learned from the rows named. */
export function featuresOf(rows: DomainRows, learned: Uint32Array): readonly Feature[] {
  return rows.columns.flatMap((column) => {
    switch (column.kind) {
      case 'number':
        return [numberFeature(column.values, learned)]
      case 'category':
        return [categoryFeature(column.values, rows, learned)]
      case 'text':
        return textFeatures(column.values)
    }
  })
}

/** Numbers between quantiles of the rows learned from, so that each bin holds about equally many of them. */
function numberFeature(values: Float64Array, learned: Uint32Array): Feature {
  const sorted = Float64Array.from(learned, (row) => values[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const edges: number[] = []
  for (let i = 1; i < MOST_BINS - 1; i++) {
    const edge = sorted[Math.floor((i * sorted.length) / (MOST_BINS - 1))]
    if (edge !== undefined && edge > (edges.at(-1) ?? sorted[0] ?? Number.NEGATIVE_INFINITY)) edges.push(edge)
  }
  return Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1 + atOrBelow(edges, value)))
}

/** How many of ascending numbers are not above a value. */
function atOrBelow(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Categories in the order of their share of the second sample, a few rows of each sample added: then one cut of this order is the best of all
 * divisions in two (L. Breiman et al., Classification and Regression Trees, 1984, § 4.2.2).
 */
function categoryFeature(values: readonly (string | null)[], { reference }: DomainRows, learned: Uint32Array): Feature {
  const counts = new Map<string, { of: number; all: number }>()
  for (const row of learned) {
    const value = values[row]
    if (value === null || value === undefined) continue
    const count = counts.get(value) ?? { of: 1, all: 2 }
    counts.set(value, { of: count.of + (row < reference ? 0 : 1), all: count.all + 1 })
  }
  const ordered = [...counts].sort(([a, x], [b, y]) => x.of / x.all - y.of / y.all || (a < b ? -1 : 1))
  const bins = new Map(ordered.map(([value], i) => [value, 2 + Math.floor((i * (MOST_BINS - 2)) / ordered.length)]))
  // What was not among the rows learned from has a bin of its own.
  return Uint8Array.from(values, (value) => (value === null ? 0 : (bins.get(value) ?? 1)))
}

/** Whether words with a hash occur in a text, a feature for each hash; and how long it is. */
function textFeatures(values: readonly (string | null)[]): readonly Feature[] {
  const features = Array.from({ length: WORDS }, () => new Uint8Array(values.length))
  const length = new Uint8Array(values.length)
  values.forEach((text, row) => {
    if (text === null) return
    length[row] = 1 + Math.min(MOST_BINS - 2, Math.floor(2 * Math.log2(1 + text.length)))
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const feature = features[(hashText(word) >>> 0) % WORDS]
      if (feature !== undefined) feature[row] = 1
    }
  })
  return [length, ...features.filter((feature) => feature.includes(1))]
}
