import { permutation, uniform } from '../trainer/random.js'
import { drifted } from './drift.js'
import { idsFrom, sideOf } from './side.js'

const DAY_MS = 86_400_000
/** Ids of requests are new ones, far from those of the accounts; a day has room for as many as are asked for. */
const IDS_PER_DAY = 10_000
const FIRST_ID = 1_000_000

/** One row of traffic. `at` is in milliseconds since 1970. @typedef {{ readonly id: number, readonly at: number, readonly inputs: Readonly<Record<string, number>>, readonly label: boolean, readonly segment: boolean }} Row */

/**
 * The requests of one day, in the order of their times: each is another account (they are drawn without replacement), at
 * a time of its own. The same for the same seed and day, whatever the other days are.
 * @param {readonly import('./accounts.js').Account[]} accounts
 * @param {number} day from 0
 * @param {{ readonly start: number, readonly rowsPerDay: number, readonly seed: number, readonly drift: import('./drift.js').Drift }} plan
 * @returns {readonly Row[]}
 * @throws {Error} when there are fewer accounts than rows
 */
export function requestsOf(accounts, day, { start, rowsPerDay, seed, drift }) {
  if (rowsPerDay > accounts.length)
    throw new Error(`--rows-per-day is at most ${accounts.length}, the accounts there are`)
  const random = uniform(seed * 4_099 + day)
  const order = permutation(accounts.length, random).subarray(0, rowsPerDay)
  const times = Array.from(order, () => start + day * DAY_MS + Math.floor(random() * DAY_MS)).sort((a, b) => a - b)
  const idOn = idsFrom(FIRST_ID + day * IDS_PER_DAY)
  return Array.from(order, (account, n) => ({
    id: idOn(sideOf(accounts[account].id)),
    at: times[n],
    ...drifted(accounts[account], day, drift, random),
  }))
}
