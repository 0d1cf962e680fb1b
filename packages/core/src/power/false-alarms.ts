import { chiSquareUpperTail } from '../stats/special/chi-square.ts'
import { kolmogorovUpperTail } from '../stats/special/kolmogorov.ts'

/** Distances whose distribution without drift is known well enough. */
export type NullDistance = 'psi' | 'js' | 'ks'

/**
 * The chance that a distance measured on `rows` rows passes its bound although they come from the distribution of the reference.
 * PSI: (1/rows + 1/reference) · χ² with bins − 1 degrees (B. Yurdakul, Statistical Properties of Population Stability Index, 2018); JS
 * in bits is to second order PSI / (8 ln 2); KS: Kolmogorov's limit with the effective sample size.
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
  if (distance === 'ks') return kolmogorovUpperTail(bound / Math.sqrt(inverse))
  const psi = distance === 'js' ? bound * 8 * Math.LN2 : bound
  return chiSquareUpperTail(psi / inverse, Math.max(1, bins - 1))
}

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
