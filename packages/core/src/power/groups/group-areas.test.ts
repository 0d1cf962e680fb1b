import { expect, it } from 'vitest'
import { createRandom } from '../../stats/prng.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { areasWithin } from './group-areas.ts'
import { USUAL_AREA } from '../models/paired-areas.ts'

const random = createRandom('plumbline', 'group areas test')

/** Rows of a group in the order of their scores: 1 where the label is positive. */
function drawGroup(positives: number, negatives: number, area: number): Uint8Array {
  const shift = Math.SQRT2 * normalQuantile(area)
  const rows = Array.from({ length: positives + negatives }, (_, i) => ({
    positive: i < positives ? 1 : 0,
    score: random.normal() + (i < positives ? shift : 0),
  }))
  return Uint8Array.from(
    rows.toSorted((a, b) => a.score - b.score),
    ({ positive }) => positive,
  )
}

/** The area of rows that count so often; NaN without rows of both labels. */
function areaOf(group: Uint8Array, counts: (row: number) => number): number {
  let [below, won, positives] = [0, 0, 0]
  for (const [row, positive] of group.entries()) {
    const count = counts(row)
    if (positive === 0) below += count
    else {
      won += count * below
      positives += count
    }
  }
  return won / (positives * below)
}

/** Whether the band of the gap (or ratio) of all groups, their rows resampled together, lies within the bound. */
function isShown(kind: 'gap' | 'ratio', groups: readonly Uint8Array[], bound: number, replicates = 199): boolean {
  const starts = groups.map((_, i) => groups.slice(0, i).reduce((sum, { length }) => sum + length, 0))
  const all = groups.reduce((sum, { length }) => sum + length, 0)
  const now = groups.map((group) => areaOf(group, () => 1))
  const counts = new Uint32Array(all)
  const off = Array.from({ length: replicates }, () => {
    counts.fill(0)
    random.tally(all, counts)
    const errors = groups.map((group, i) => {
      const area = areaOf(group, (row) => counts[(starts[i] as number) + row] as number)
      return kind === 'gap' ? area - (now[i] as number) : Math.log(area / (now[i] as number))
    })
    const range = Math.max(...errors) - Math.min(...errors)
    return Number.isNaN(range) ? Infinity : range
  }).toSorted((a, b) => a - b)
  const width = off[Math.ceil((replicates + 1) * 0.95) - 1] as number
  const [least, greatest] = [Math.min(...now), Math.max(...now)]
  return kind === 'gap' ? greatest - least + width <= bound : (least / greatest) * Math.exp(-width) >= bound
}

it.each([
  ['gap', [80, 160], [70, 150], 0.2],
  ['ratio', [150, 250], [120, 300], 0.85],
] as const)(
  '%s of areas over %j and %j within %d is shown four times in five where detectable',
  (kind, a, b, bound) => {
    const groups = [a, b].map(([positives, negatives]) => ({ positives, negatives }))
    const { detectable = Number.NaN } = areasWithin(kind, groups, bound, 0.95)
    // The smaller group has the lower area.
    const [low, high] =
      kind === 'gap'
        ? [USUAL_AREA - detectable / 2, USUAL_AREA + detectable / 2]
        : [USUAL_AREA * Math.sqrt(detectable), USUAL_AREA / Math.sqrt(detectable)]
    const trials = 200
    let shown = 0
    for (let trial = 0; trial < trials; trial++)
      if (isShown(kind, [drawGroup(b[0], b[1], low), drawGroup(a[0], a[1], high)], bound)) shown++
    expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.11)
  },
)

it('a group with so few positive rows that resamples lose them all has a band without end, and needs more', () => {
  const groups = [
    { positives: 2, negatives: 40 },
    { positives: 60, negatives: 200 },
  ]
  const { canHold, canFail, rowsToHold = 0 } = areasWithin('gap', groups, 0.3, 0.95)
  expect([canHold, canFail]).toEqual([false, false])
  expect(rowsToHold).toBeGreaterThan(42)
  // A perfect order in the large one, and one pair apart from it in the small one.
  const nearly = (positives: number, negatives: number): Uint8Array =>
    Uint8Array.from({ length: positives + negatives }, (_, i) => (i === negatives ? 0 : i >= negatives - 1 ? 1 : 0))
  expect(isShown('gap', [nearly(2, 40), nearly(60, 200)], 0.3, 1999)).toBe(false)
  const factor = rowsToHold / 42
  const more = groups.map(({ positives, negatives }) =>
    nearly(Math.round(positives * factor), Math.round(negatives * factor)),
  )
  expect(isShown('gap', more, 0.3, 1999)).toBe(true)
})
