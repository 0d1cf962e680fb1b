/** The value of one series; counting is adding to it. */
export interface Series {
  value: number
}

/** How often values fell below each bound. */
export interface Histogram {
  /** Counts one value, in the unit of the bounds. */
  observe(value: number): void
}

/** Labels of a series; their values come from closed lists, never from a request. */
export type Labels = Readonly<Record<string, string>>

/** The series of one process. A family may have several series, told apart by their labels. */
export interface Metrics {
  counter(name: string, help: string, labels?: Labels): Series
  /** `bounds`: upper ends of the buckets, ascending; one for all that is above is added. */
  histogram(name: string, help: string, bounds: readonly number[], labels?: Labels): Histogram
  /** Asked when the metrics are read: a value, or several with labels of their own. */
  gauge(name: string, help: string, read: () => number | readonly (readonly [Labels, number])[]): void
  /** All of it in the Prometheus text exposition format, version 0.0.4. */
  write(): string
}

interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly lines: (() => readonly string[])[]
}

/** What a response of this text says it is. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Makes an empty set of series. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>()
  const family = (name: string, type: Family['type'], help: string): Family => {
    const known = families.get(name)
    if (known !== undefined) return known
    const made: Family = { type, help, lines: [] }
    families.set(name, made)
    return made
  }
  return {
    counter(name, help, labels = {}) {
      const series: Series = { value: 0 }
      const head = `${name}${labelText(labels)} `
      family(name, 'counter', help).lines.push(() => [`${head}${numberText(series.value)}`])
      return series
    },
    gauge(name, help, read) {
      family(name, 'gauge', help).lines.push(() => {
        const found = read()
        const all: readonly (readonly [Labels, number])[] = typeof found === 'number' ? [[{}, found]] : found
        return all.map(([labels, value]) => `${name}${labelText(labels)} ${numberText(value)}`)
      })
    },
    histogram(name, help, bounds, labels = {}) {
      const counts = new Float64Array(bounds.length + 1)
      let sum = 0
      family(name, 'histogram', help).lines.push(() => histogramLines(name, labels, bounds, counts, sum))
      return {
        observe(value) {
          let bucket = 0
          while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++
          counts[bucket] = (counts[bucket] ?? 0) + 1
          sum += value
        },
      }
    },
    write() {
      const text = [...families].map(([name, { type, help, lines }]) =>
        [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines.flatMap((each) => each()), ''].join(
          '\n',
        ),
      )
      return text.join('')
    },
  }
}

function histogramLines(
  name: string,
  labels: Labels,
  bounds: readonly number[],
  counts: Float64Array,
  sum: number,
): readonly string[] {
  let below = 0
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, i) => {
    below += counts[i] ?? 0
    return `${name}_bucket${labelText({ ...labels, le: numberText(bound) })} ${below}`
  })
  return [
    ...buckets,
    `${name}_sum${labelText(labels)} ${numberText(sum)}`,
    `${name}_count${labelText(labels)} ${below}`,
  ]
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
