import { bootstrap } from '../../stats/bootstrap.ts'
import { createRandom } from '../../stats/prng.ts'
import { wilson } from '../../stats/proportion.ts'
import { cellPopulation } from '../../stats/resample.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { leastRows } from '../numbers/least-rows.ts'
import { POWER, type ShareDecidability } from '../numbers/proportion.ts'

/** Share of the rows that two models are taken to decide differently, where that was not counted. */
export const USUAL_DISAGREEMENT = 0.1

/** Rows that are tried as the few on which the models do not differ, or differ at all. */
const FEW = [1, 2, 3, 4, 6, 8]
const REPLICATES = 799
const MOST_ROWS = 100_000

/**
 * Decidability of a difference of two shares of the same n rows, `a − b >= bound`, by the BCa interval of the resampled rows, or, where no row
 * varies, by both of Wilson's. The best outcome is a difference on nearly all rows, on nearly none, or on all of them; the worst its
 * mirror. `detectable`: the difference that is shown four times in five, of models that differ on a share ψ of the rows (`differ`): δ − bound = z
 * √((ψ − δ²) / n). Source: R. J. Connor, Biometrics 43 (1987), with the variance at the difference throughout, as intervals have it.
 */
export function pairedSharesAtLeast(
  rows: number,
  bound: number,
  level: number,
  differ: number = USUAL_DISAGREEMENT,
): ShareDecidability {
  const canHold = canBeShown(rows, bound, level)
  const needed = canHold || bound >= 1 ? undefined : leastRows((n) => canBeShown(n, bound, level), MOST_ROWS)
  const detectable = canHold ? detectableDifference(rows, bound, level, differ) : undefined
  return {
    canHold,
    // That left − right lies below the bound is that right − left lies above its opposite.
    canFail: canBeShown(rows, -bound, level),
    ...(needed === undefined ? {} : { rowsToHold: needed }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

function canBeShown(rows: number, bound: number, level: number): boolean {
  if (rows < 1) return false
  // Without variation the two intervals decide together, each at half of the error.
  const each = (1 + level) / 2
  const [all, none] = [wilson(rows, rows, each), wilson(0, rows, each)]
  if (all.low - none.high >= bound || all.low - 1 >= bound) return true
  return [...FEW, ...FEW.map((few) => rows - few)].some(
    (better) => better > 0 && better < rows && lowEnd(better, rows, level) >= bound,
  )
}

/** Of a difference on so many of the rows, none on the others. */
function lowEnd(better: number, rows: number, level: number): number {
  const found = bootstrap(
    {
      populations: [cellPopulation([better, rows - better])],
      random: createRandom('plumbline', 'what two models can show'),
      replicates: REPLICATES,
    },
    { evaluate: (counts) => (counts?.[0] ?? 0) / rows, range: { low: -1, high: 1 } },
  )
  return found.kind === 'estimate' ? found.interval(level).low : -1
}

function detectableDifference(rows: number, bound: number, level: number, differ: number): number | undefined {
  const z = normalQuantile((1 + level) / 2) + normalQuantile(POWER)
  const square = (z * z) / rows
  // (δ − b)² = square (ψ − δ²), of which the greater root lies above the bound.
  const within = bound * bound - (1 + square) * (bound * bound - square * differ)
  if (within < 0) return undefined
  const found = (bound + Math.sqrt(within)) / (1 + square)
  return found >= bound && found <= differ ? found : undefined
}
