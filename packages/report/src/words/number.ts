import type { Measured } from '@plumbline/core'

/** A count with its digits in groups of three: `30 000`. The gap is a space unless told otherwise. */
export function formatCount(count: number | bigint, gap = ' '): string {
  return String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, gap)
}

/** A number as people read it: integers whole, others at four significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞'
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(formatCount(value))
  const size = Math.abs(value)
  return minus(size >= 0.001 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(2))
}

/** A number with as many decimals as the width of its interval makes meaningful (three digits of the width, so that an end beside the bound is seen to be so). */
export function formatWithin(value: number, width: number): string {
  if (!Number.isFinite(value) || !(width > 0) || !Number.isFinite(width)) return formatNumber(value)
  if (Math.abs(value) >= 1e6 || width < 1e-6) return formatNumber(value)
  const decimals = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(width))))
  return minus(value.toFixed(decimals))
}

/** A number of rows that was estimated: rounded up to two digits, as it knows no more. */
export function formatAbout(count: number): string {
  if (!Number.isFinite(count) || count < 100) return formatCount(Math.ceil(count))
  const unit = 10 ** (Math.floor(Math.log10(count)) - 1)
  return formatCount(Math.ceil(count / unit) * unit)
}

/** A share in percent; never rounded up to 100 % or down to 0 %. */
export function formatShare(share: number): string {
  const text = Number((share * 100).toFixed(2))
  if (share < 1 && text >= 100) return '> 99.99 %'
  if (share > 0 && text <= 0) return '< 0.01 %'
  return `${text} %`
}

/** An interval of a share: `0.2 % to 1.4 %`, or `at most 1.4 %` where it begins at nothing. */
export function shareInterval({ low, high }: { readonly low: number; readonly high: number }): string {
  return low <= 0 ? `at most ${formatShare(high)}` : `${formatShare(low)} to ${formatShare(high)}`
}

/** A confidence level in percent, with the decimals that a corrected level needs: `95 %`, `98.33 %`. */
export function formatLevel(level: number): string {
  return `${Number((level * 100).toFixed(2))} %`
}

/** A measured value as people read it; missing cells are said to be so. */
export function formatValue(value: Measured): string {
  if (value === null) return 'missing'
  return typeof value === 'number' ? formatNumber(value) : String(value)
}

/** A cell of data, exactly as it is: a witness that was rounded would be another row. */
export function formatCell(value: Measured): string {
  return value === null ? 'missing' : String(value)
}

/** A duration in the unit people would choose. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

const minus = (text: string): string => text.replace(/^-/, '−')
