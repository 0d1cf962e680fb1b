import { uniform } from '../trainer/random.js'

const HOUR_MS = 3_600_000
/** Shares of the rows. */
const IN_TIME = 0.93
const LATE = 0.04
const TWICE = 0.02
const FOR_NOBODY = 0.01
/** Ids that no request has. */
const NOBODY = 900_000_000

/** A label on its way: it is known at `arrives`, in milliseconds since 1970. @typedef {{ readonly id: number, readonly label: boolean, readonly arrives: number }} Arrival */

/**
 * When the labels of a day's rows arrive.
 * @param {readonly import('./day.js').Row[]} rows
 * @param {number} seed
 * @returns {readonly Arrival[]} in the order of their arrival
 */
export function arrivalsOf(rows, seed) {
  const random = uniform(seed)
  const arrivals = rows.flatMap(({ id, at, label }) => {
    const [fate, delay, again, stray] = [random(), random(), random(), random()]
    const hours = fate < IN_TIME ? 10 + 30 * delay : 96 + 48 * delay
    const arrives = at + hours * HOUR_MS
    const own = fate < IN_TIME + LATE ? [{ id, label, arrives }] : []
    return [
      ...own,
      ...own.filter(() => again < TWICE).map((arrival) => ({ ...arrival, arrives: arrives + 3 * HOUR_MS })),
      ...(stray < FOR_NOBODY ? [{ id: NOBODY + id, label, arrives }] : []),
    ]
  })
  return arrivals.sort((a, b) => a.arrives - b.arrives || a.id - b.id)
}

/** The first line of the file of labels. */
export const HEADER = 'id,default,arrived_at\n'

/**
 * A line of the file of labels.
 * @param {Arrival} arrival
 * @returns {string}
 */
export const lineOf = ({ id, label, arrives }) => `${id},${label},${new Date(Math.floor(arrives)).toISOString()}\n`
