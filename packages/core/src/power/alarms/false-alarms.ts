import { MOST_LEARNED } from '../../stats/domain/rows.ts'
import { chiSquareUpperTail } from '../../stats/special/chi-square.ts'
import { kolmogorovUpperTail } from '../../stats/special/kolmogorov.ts'
import { normalCdf } from '../../stats/special/normal.ts'
import { type SimulatedDistance, simulatedChance } from './null-simulation.ts'

/** Distances whose distribution without drift is known well enough: all that monitors compare. */
export type NullDistance =
  | 'psi'
  | 'js'
  | 'ks'
  | 'kl'
  | 'hellinger'
  | 'cramers_v'
  | 'shift_auc'
  | 'classifier_auc'
  | SimulatedDistance

/** Each of them. */
export const nullDistances: ReadonlySet<string> = new Set<NullDistance>([
  'psi',
  'js',
  'ks',
  'kl',
  'hellinger',
  'cramers_v',
  'shift_auc',
  'classifier_auc',
  'total_variation',
  'linf',
  'wasserstein',
  'energy',
  'mmd',
])

/**
 * The chance that a distance measured on `rows` rows passes its bound although they come from the distribution of the reference.
 * PSI: (1/rows + 1/reference) · χ² with bins − 1 degrees (B. Yurdakul, Statistical Properties of Population Stability Index, 2018). To
 * second order the other divergences are multiples of it: JS in bits PSI / (8 ln 2), KL half, the square of Hellinger's distance an eighth. Cramér’s V
 * is the root of Pearson's χ² over all rows; KS: Kolmogorov's limit with the effective sample size; `shift_auc`, and `classifier_auc` on the rows it is judged by: the
 * normal limit of Mann and Whitney (1947); the rest is simulated.
 */
export function chanceWithoutDrift(
  distance: NullDistance,
  bound: number,
  rows: number,
  reference: number,
  bins: number,
): number {
  if (!(rows > 0) || !(reference > 0)) return 1
  const inverse = 1 / rows + 1 / reference
  const ofPsi = (psi: number): number => chiSquareUpperTail(Math.max(0, psi) / inverse, Math.max(1, bins - 1))
  switch (distance) {
    case 'ks':
      return kolmogorovUpperTail(bound / Math.sqrt(inverse))
    case 'psi':
      return ofPsi(bound)
    case 'js':
      return ofPsi(bound * 8 * Math.LN2)
    case 'kl':
      return ofPsi(bound * 2)
    case 'hellinger':
      return ofPsi(8 * Math.max(0, bound) ** 2)
    case 'cramers_v':
      return chiSquareUpperTail(Math.max(0, bound) ** 2 * (rows + reference), Math.max(1, bins - 1))
    case 'shift_auc':
      return areaAbove(bound, rows, reference)
    case 'classifier_auc':
      return areaAbove(bound, judgedOf(rows), judgedOf(reference))
    default:
      return simulatedChance(distance, bound, inverse, bins)
  }
}

const areaAbove = (bound: number, rows: number, reference: number): number =>
  normalCdf((0.5 - bound) / Math.sqrt((rows + reference + 1) / (12 * rows * reference)))

/** Rows that a classifier did not learn from. */
const judgedOf = (rows: number): number => rows - Math.min(rows / 2, MOST_LEARNED)

/**
 * Expected false alarms in a year of looks: windows a year times the chance that `inARow` of them pass, when windows are independent.
 * Several distances alarm where one of them does: at most the sum of their chances.
 */
export function falseAlarmsPerYear(chances: readonly number[], windowMicros: number, inARow: number): number {
  const chance = Math.min(
    1,
    chances.reduce((sum, each) => sum + each, 0),
  )
  return (365.25 * 86_400_000_000 * chance ** inARow) / windowMicros
}
