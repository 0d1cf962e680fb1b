import type { Decidability } from '@plumbline/core/power'

/** What would be shown of a comparison, in a line for people, or why nothing is known of that. */
export function shownLine(clause: string, on: string, found: Decidability): string {
  const { comparison, rows, allowed, detectable, effect, enough, given, groups, unit = 'rows', unknown } = found
  const begin = `${clause} on ${on}: ${comparison} with ${rows} ${unit}${groups === undefined ? '' : ' in the smallest group'}; `
  if (unknown !== undefined) return `${begin}no smallest effect is known beforehand: ${unknown}`
  const most = found.atMost === true ? 'at most ' : ''
  const since = given === undefined ? '' : ` (${given})`
  if (effect !== undefined)
    return `${begin}a value ${most}${effect.size.toFixed(4)} ${effect.of} beyond the bound is shown at 80 % power${since}`
  if (allowed !== undefined)
    return `${begin}the bound is shown at 80 % power where ${most}${(100 * allowed.share).toFixed(2)} % of the rows are at ${allowed.atLeast ? 'least' : 'most'} it`
  if (detectable === undefined) {
    const others = enough === undefined ? '' : `; with ${most}${enough.rows} ${unit} ${enough.value.toFixed(4)} is`
    return `${begin}nothing${since} is ${most === '' ? '' : 'sure to be '}shown at 80 % power${others}`
  }
  return `${begin}${detectable.toFixed(4)}${since} is shown at 80 % power${most === '' ? '' : ', at most: a value nearer to the bound may do'}`
}
