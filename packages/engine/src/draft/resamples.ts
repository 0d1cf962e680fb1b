import { stats } from '@plumbline/core'
import type { GroupSums, ReadSum } from './sums.ts'

/** Resamples of a draft. */
export const RESAMPLES = 400

/**
 * The sums of each resample: as many groups drawn, with replacement, as there are. Rows were dealt to groups at random,
 * so that the groups vary as rows do (the bootstrap of grouped data; A. Davison, D. Hinkley, Bootstrap Methods, 1997, section 3.8).
 */
export function resampledSums({ byGroup }: GroupSums): readonly ReadSum[] {
  const random = stats.createRandom('plumb-draft', 'resamples')
  return Array.from({ length: RESAMPLES }, () => {
    const weights = new Uint32Array(byGroup.length)
    random.tally(byGroup.length, weights)
    const known = new Map<number, number>()
    return (index) => {
      const before = known.get(index)
      if (before !== undefined) return before
      let sum = 0
      for (let group = 0; group < byGroup.length; group++) sum += (weights[group] ?? 0) * (byGroup[group]?.[index] ?? 0)
      known.set(index, sum)
      return sum
    }
  })
}
