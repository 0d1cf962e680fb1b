/**
 * When the traffic changes, and how much. Days are counted from 0; `Infinity` is never.
 * @typedef {{ readonly driftDay: number, readonly conceptDay: number, readonly segment: number,
 *   readonly driftDefaults: number, readonly conceptPayers: number }} Drift
 */

const BILLS = [1, 2, 3, 4, 5, 6].map((month) => `bill_amt${month}`)
const HIGHEST_LIMIT = 1_000_000
const dollars = (amount) => Math.round(amount)

/**
 * An account as a member of the new segment: a region of the inputs where the training data has hardly any rows. It stays
 * within every contract of the data.
 * @param {Readonly<Record<string, number>>} inputs
 * @param {() => number} random
 * @returns {Record<string, number>}
 */
export function asNewSegment(inputs, random) {
  const limit = Math.min(HIGHEST_LIMIT, 2 * inputs.limit_bal)
  const bills = Object.fromEntries(BILLS.map((name) => [name, dollars(limit * (1.05 + 0.3 * random()))]))
  return { ...inputs, limit_bal: limit, pay_0: Math.max(0, inputs.pay_0), ...bills }
}

/**
 * A row of a day with the drift of that day. The same numbers are drawn whether there is drift or not, so that turning it
 * off changes nothing else.
 * @param {{ readonly inputs: Readonly<Record<string, number>>, readonly label: boolean }} account
 * @param {number} day
 * @param {Drift} drift
 * @param {() => number} random
 * @returns {{ inputs: Readonly<Record<string, number>>, label: boolean, segment: boolean }}
 */
export function drifted({ inputs, label }, day, drift, random) {
  const drawn = { member: random(), behaviour: random(), account: asNewSegment(inputs, random) }
  if (day < drift.driftDay || drawn.member >= drift.segment) return { inputs, label, segment: false }
  const changed =
    day < drift.conceptDay
      ? label || drawn.behaviour < drift.driftDefaults
      : label && drawn.behaviour >= drift.conceptPayers
  return { inputs: drawn.account, label: changed, segment: true }
}
