/** Middle, least and greatest of several rounds. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly greatest: number
}

/** One line of the results. `unit` belongs to `ours` and `peer`; a limit is on the ratio, or on `ours` where there is none. */
export interface Measure {
  readonly name: string
  readonly unit: 'ms CPU' | 'µs CPU' | 'ms wall' | 'ns CPU' | 'MiB' | 'rows'
  readonly ours: Spread
  readonly peer?: Spread
  /** Ours divided by peer: the median over the rounds of the ratio in each. */
  readonly ratio?: Spread
  readonly limit?: number
  /** What the limit is on, where it is not the median. */
  readonly limitOn?: 'median' | 'greatest'
  /** How the figure was made, and what must be known to read it. */
  readonly note: string
}

/** The spread of figures, one a round; at least one. */
export function spread(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (i: number): number => sorted[i] ?? Number.NaN
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2
  return { median, least: at(0), greatest: at(sorted.length - 1) }
}

/** The measure of two sides that took turns: `ours[i]` and `peer[i]` are of one round. */
export function compared(
  name: string,
  unit: Measure['unit'],
  ours: readonly number[],
  peer: readonly number[],
  limit: number | undefined,
  note: string,
): Measure {
  return {
    name,
    unit,
    ours: spread(ours),
    peer: spread(peer),
    ratio: spread(ours.map((own, i) => own / (peer[i] ?? Number.NaN))),
    ...(limit === undefined ? {} : { limit }),
    note,
  }
}

/** Whether the limit is kept; undefined where there is none. */
export function kept({ limit, limitOn = 'median', ratio, ours }: Measure): boolean | undefined {
  return limit === undefined ? undefined : (ratio ?? ours)[limitOn] <= limit
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
const shown = ({ median, least, greatest }: Spread): string =>
  `${digits(median)} (${digits(least)}–${digits(greatest)})`

/** The results as a Markdown table: median (least–greatest). */
export function table(measures: readonly Measure[]): string {
  const rows = measures.map((measure) => {
    const { name, unit, ours, peer, ratio, limit } = measure
    const verdict = kept(measure)
    return [
      name,
      `${shown(ours)} ${unit}`,
      peer === undefined ? '' : `${shown(peer)} ${unit}`,
      ratio === undefined ? '' : shown(ratio),
      limit === undefined ? '' : `${limit}${ratio === undefined ? ` ${unit}` : ' ×'}`,
      verdict === undefined ? 'for information' : verdict ? 'kept' : 'MISSED',
    ]
  })
  const head = ['measure', 'ours', 'peer', 'ratio', 'limit', 'verdict']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
