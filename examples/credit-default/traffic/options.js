import { parseArgs } from 'node:util'

const number = (least, most, integer = false) => ({ least, most, integer })

/** The options with their defaults; a number says what it may be. */
const OPTIONS = {
  url: { default: '' },
  clock: { default: '.plumb/clock' },
  data: { default: 'data/accounts.parquet' },
  labels: { default: 'data/outcomes.csv' },
  start: { default: '2026-01-01T00:00:00Z' },
  days: { default: '24', ...number(1, 3_650, true) },
  from: { default: '0', ...number(0, 3_650, true) },
  'rows-per-day': { default: '1500', ...number(1, 4_000, true) },
  batch: { default: '64', ...number(1, 4_096, true) },
  connections: { default: '4', ...number(1, 64, true) },
  pause: { default: '0', ...number(0, 10_000) },
  seed: { default: '1', ...number(0, 2 ** 20, true) },
  'drift-day': { default: '7', ...number(0, 3_650, true) },
  'concept-day': { default: '14', ...number(0, 3_650, true) },
  segment: { default: '0.4', ...number(0, 1) },
  'drift-defaults': { default: '0.25', ...number(0, 1) },
  'concept-payers': { default: '0.95', ...number(0, 1) },
  'wait-timeout': { default: '300', ...number(1, 86_400) },
}

/**
 * What is replayed. Days are counted from 0.
 * @typedef {{ readonly url: string, readonly clock: string, readonly data: string, readonly labels: string,
 *   readonly start: number, readonly days: number, readonly from: number, readonly rowsPerDay: number,
 *   readonly batch: number, readonly connections: number, readonly pauseMs: number, readonly seed: number, readonly waitFor: readonly string[],
 *   readonly waitTimeoutMs: number, readonly drift: import('./drift.js').Drift }} Options
 */

/**
 * Reads the command line.
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {Error} whose message names the option and what it may be
 */
export function readOptions(args) {
  const declared = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { default: value }]) => [name, { type: 'string', default: value }]),
  )
  const flags = { 'no-drift': { type: 'boolean', default: false }, 'wait-for': { type: 'string', multiple: true } }
  const { values } = parseArgs({ args: [...args], options: { ...declared, ...flags }, strict: true })
  const read = (name) => numberOf(name, values[name])
  if (values.url === '')
    throw new Error('--url is missing: the address of the model, such as http://host/v2/models/name')
  const start = Date.parse(values.start)
  if (Number.isNaN(start)) throw new Error('--start is an instant such as 2026-01-01T00:00:00Z')
  const never = Number.POSITIVE_INFINITY
  return {
    url: values.url.replace(/\/$/, ''),
    clock: values.clock,
    data: values.data,
    labels: values.labels,
    start,
    days: read('days'),
    from: read('from'),
    rowsPerDay: read('rows-per-day'),
    pauseMs: read('pause'),
    batch: read('batch'),
    connections: read('connections'),
    seed: read('seed'),
    waitFor: values['wait-for'] ?? [],
    waitTimeoutMs: 1000 * read('wait-timeout'),
    drift: {
      driftDay: values['no-drift'] ? never : read('drift-day'),
      conceptDay: values['no-drift'] ? never : read('concept-day'),
      segment: read('segment'),
      driftDefaults: read('drift-defaults'),
      conceptPayers: read('concept-payers'),
    },
  }
}

function numberOf(name, text) {
  const { least, most, integer } = OPTIONS[name]
  const value = Number(text)
  if (text !== '' && value >= least && value <= most && (!integer || Number.isInteger(value))) return value
  throw new Error(`--${name} is ${integer ? 'an integer' : 'a number'} from ${least} to ${most}`)
}
