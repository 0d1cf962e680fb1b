import type { Decidability } from '@plumbline/core/power'

/** What would be shown of a comparison, in a line for people; undefined where nothing is known of that. */
export function shownLine(clause: string, on: string, found: Decidability): string | undefined {
  const { comparison, rows, allowed, detectable, effect, given, groups } = found
  const begin = `${clause} on ${on}: ${comparison} with ${rows} rows${groups === undefined ? '' : ' in the smallest group'}; `
  if (effect !== undefined)
    return `${begin}a mean ${effect.deviations.toFixed(4)} standard deviations of ${effect.of} beyond the bound is shown at 80 % power`
  if (allowed !== undefined)
    return `${begin}the bound is shown at 80 % power where ${(100 * allowed.share).toFixed(2)} % of the rows are at ${allowed.atLeast ? 'least' : 'most'} it`
  if (detectable === undefined && given === undefined) return undefined
  if (detectable === undefined) return `${begin}nothing (${given}) is shown at 80 % power`
  return `${begin}${detectable.toFixed(4)}${given === undefined ? '' : ` (${given})`} is shown at 80 % power`
}
