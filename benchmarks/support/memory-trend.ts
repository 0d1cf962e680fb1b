import { type Measure, spread } from './figures.ts'

/** The resident set of a process when it had handled so many requests. */
export interface MemoryReading {
  readonly requests: number
  readonly mib: number
}

/** Requests that growth is given for. */
const PER = 100_000
/** MiB that memory may grow by, in so many requests: about a hundredth of what such a process takes. */
const MOST_GROWTH = 3
const SPANS = 10
/** The 97.5 % point of Student's t with SPANS − 2 degrees of freedom. */
const T = 2.306

/** A straight line through the spans of the second half: MiB per 100 000 requests, with its 95 % interval. */
export interface Growth {
  readonly slope: number
  readonly least: number
  readonly greatest: number
}

/**
 * How fast memory grows once a process has warmed up. The second half of the requests is cut into ten spans; the median
 * reading of each (one that fell into a moment of work counts for little) is a point; least squares give the slope, the
 * t distribution with 8 degrees of freedom its interval.
 */
export function growthOf(readings: readonly MemoryReading[]): Growth {
  const points = spansOf(readings, 0.5, SPANS)
  const mean = (of: readonly number[]): number => of.reduce((sum, each) => sum + each, 0) / of.length
  const x = points.map(({ requests }) => requests / PER)
  const y = points.map(({ mib }) => mib)
  const [mx, my] = [mean(x), mean(y)]
  const sxx = x.reduce((sum, each) => sum + (each - mx) ** 2, 0)
  const slope = x.reduce((sum, each, i) => sum + (each - mx) * ((y[i] ?? my) - my), 0) / sxx
  const residual = y.reduce((sum, each, i) => sum + (each - my - slope * ((x[i] ?? mx) - mx)) ** 2, 0)
  const error = Math.sqrt(residual / (points.length - 2) / sxx)
  return { slope, least: slope - T * error, greatest: slope + T * error }
}

/** Two lines of results: what a process takes in the second half of the requests, and how fast that grows. */
export function memoryMeasures(
  name: string,
  over: string,
  readings: readonly MemoryReading[],
  how: string,
): readonly Measure[] {
  const { slope, least, greatest } = growthOf(readings)
  const half = (readings.at(-1)?.requests ?? 0) / 2
  const second = readings.filter(({ requests }) => requests > half).map(({ mib }) => mib)
  const tenths = spansOf(readings, 0, 10).map(({ mib }) => mib.toFixed(0))
  const first = readings.filter(({ requests }) => requests <= half).map(({ mib }) => mib)
  return [
    {
      name: `${name}, memory over ${over}`,
      unit: 'MiB',
      ours: spread(second),
      note: `Resident set, ${how}; ${readings.length} readings, their medians by tenth of the requests: ${tenths.join(', ')}. The figure is of the second half; the greatest of the first half was ${Math.max(...first).toFixed(0)}.`,
    },
    {
      name: `${name}, growth of memory per ${PER.toLocaleString('en')} requests`,
      unit: 'MiB',
      ours: { median: slope, least, greatest },
      limit: MOST_GROWTH,
      limitOn: 'greatest',
      note: `Slope of a straight line by least squares through the median readings of ten spans of the second half, with its 95 % interval in brackets. Flat means that the upper end of the interval is no more than ${MOST_GROWTH} MiB, about a hundredth of what the process takes.`,
    },
  ]
}

/** The medians of readings in so many spans of the requests, from a share of all on. */
function spansOf(readings: readonly MemoryReading[], from: number, spans: number): readonly MemoryReading[] {
  const all = readings.at(-1)?.requests ?? 0
  const width = (all * (1 - from)) / spans
  return Array.from({ length: spans }, (_, i) => {
    const begin = all * from + i * width
    const own = readings.filter(({ requests }) => requests > begin && requests <= begin + width * (1 + 1e-9))
    return { requests: begin + width / 2, mib: spread(own.map(({ mib }) => mib)).median }
  }).filter(({ mib }) => Number.isFinite(mib))
}
