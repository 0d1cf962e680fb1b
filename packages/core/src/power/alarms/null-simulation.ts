import { normalCdf } from '../../stats/special/normal.ts'
import { createRandom } from '../../stats/prng.ts'

/** Distances without a closed distribution where there is no drift: they are norms of the difference of two samples. */
export type SimulatedDistance = 'total_variation' | 'linf' | 'wasserstein' | 'energy' | 'mmd'

/** Samples drawn: a chance of one half is known to ±0.02, one of a hundredth to ±0.005. */
const DRAWS = 2_000
/** Places of the values at which the bridge is looked at, in standard deviations. */
const REACH = 5
const STEPS = 100
const STEP = (2 * REACH) / STEPS

/**
 * The chance that such a distance passes its bound although nothing has changed. The difference of the distribution functions of samples of n
 * and m rows is √(1/n + 1/m) times a Brownian bridge (M. D. Donsker 1952), which is drawn with a fixed seed; of `bins` bins of the same mass for
 * `total_variation` and `linf`, of a normal column for the others, whose distribution depends on that of the column a little.
 */
export function simulatedChance(distance: SimulatedDistance, bound: number, inverse: number, bins: number): number {
  const random = createRandom('plumbline', `without drift ${distance}`)
  const places = isOfBins(distance)
    ? Array.from({ length: bins }, (_, i) => (i + 1) / bins)
    : Array.from({ length: STEPS + 1 }, (_, i) => normalCdf(-REACH + i * STEP))
  const scale = Math.sqrt(inverse)
  let passed = 0
  for (let draw = 0; draw < DRAWS; draw++) {
    let [sum, before] = [0, 0]
    const walk = places.map((place) => {
      sum += Math.sqrt(Math.max(0, place - before)) * random.normal()
      before = place
      return sum
    })
    const end = sum + Math.sqrt(Math.max(0, 1 - before)) * random.normal()
    const bridge = walk.map((at, i) => at - (places[i] as number) * end)
    if (scale * NORMS[distance](bridge) > bound) passed++
  }
  return passed / DRAWS
}

const isOfBins = (distance: SimulatedDistance): boolean => distance === 'total_variation' || distance === 'linf'

/** What a distance makes of the difference of the distribution functions at the places. */
const NORMS: Readonly<Record<SimulatedDistance, (bridge: readonly number[]) => number>> = {
  total_variation: (bridge) => steps(bridge).reduce((sum, each) => sum + Math.abs(each), 0) / 2,
  linf: (bridge) => Math.max(...steps(bridge).map(Math.abs)),
  wasserstein: (bridge) => bridge.reduce((sum, each) => sum + Math.abs(each), 0) * STEP,
  energy: (bridge) => Math.sqrt(2 * bridge.reduce((sum, each) => sum + each * each, 0) * STEP),
  mmd: (bridge) => Math.sqrt(Math.max(0, discrepancy(steps(bridge)))),
}

const steps = (bridge: readonly number[]): readonly number[] => bridge.map((at, i) => at - (bridge[i - 1] ?? 0))

/** Σ k(x, y) d(x) d(y) with the Gaussian kernel one standard deviation wide. */
function discrepancy(difference: readonly number[]): number {
  let sum = 0
  for (const [i, a] of difference.entries()) {
    sum += a * a
    for (let j = i + 1; j < difference.length; j++) sum += 2 * a * (difference[j] as number) * (KERNEL[j - i] as number)
  }
  return sum
}

const KERNEL: readonly number[] = Array.from({ length: STEPS + 1 }, (_, i) => Math.exp(-((i * STEP) ** 2) / 2))
