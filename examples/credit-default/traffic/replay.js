// Replays days of traffic: real requests over HTTP, a simulated clock, labels that arrive later. See README.md.
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { readAccounts } from './accounts.js'
import { setClock, waitFor } from './clock.js'
import { requestsOf } from './day.js'
import { arrivalsOf, HEADER, lineOf } from './labels.js'
import { readOptions } from './options.js'
import { openClient } from './protocol.js'

const USAGE = `usage: node traffic/replay.js --url http://HOST/v2/models/NAME [options]
  --clock FILE (.plumb/clock)   --labels FILE (data/outcomes.csv)   --data FILE (data/accounts.parquet)
  --start INSTANT  --from DAY (0)  --days N (24)  --rows-per-day N (1500)  --seed N (1)
  --drift-day D (7)  --concept-day D (14)  --segment X (0.4)  --drift-defaults X (0.25)  --concept-payers X (0.95)  --no-drift
  --batch N (64)  --connections N (4)
  --wait-for FILE   at midnight and at one o'clock, wait until the instant in it has reached the clock; may be repeated
  --wait-timeout SECONDS (300)`

const DAY_MS = 86_400_000
const STEP_MS = 3_600_000
/** The day before is closed by then: one hour is the lateness that the specification allows. */
const CLOSED_AFTER_MS = 3_600_000

try {
  await main(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(`replay: ${error.message}\n${USAGE}`)
  process.exitCode = 2
}

async function main(options) {
  const { accounts, inputs } = await readAccounts(options.data, 'later')
  const client = openClient(options.url, inputs, options.connections)
  const tally = { rows: 0, answered: 0, refused: 0, failed: 0, labels: 0, versions: {} }
  if (!existsSync(options.labels)) {
    mkdirSync(dirname(options.labels), { recursive: true })
    writeFileSync(options.labels, HEADER)
  }
  // Labels of the days before are on their way, too.
  let onTheirWay = Array.from({ length: options.from }, (_, day) => labelsOf(accounts, day, options)).flat()
  const begin = options.start + options.from * DAY_MS
  onTheirWay = onTheirWay.filter(({ arrives }) => arrives > begin)
  const end = options.start + options.days * DAY_MS
  let rows = []
  for (let now = begin; now <= end + CLOSED_AFTER_MS; now += STEP_MS) {
    if ((now - options.start) % DAY_MS === 0 && now < end) {
      const day = (now - options.start) / DAY_MS
      rows = [...requestsOf(accounts, day, options)]
      onTheirWay.push(...labelsOf(accounts, day, options))
      onTheirWay.sort((a, b) => a.arrives - b.arrives)
    }
    tally.labels += deliver(onTheirWay, now, options.labels)
    setClock(options.clock, now)
    // At midnight the time of labels is over, at one o'clock the day before is closed: whoever decides then is waited for.
    if (now % DAY_MS <= CLOSED_AFTER_MS && now >= begin + DAY_MS)
      for (const file of options.waitFor) await waitFor(file, now, options.waitTimeoutMs)
    const due = rows.filter(({ at }) => at >= now && at < now + STEP_MS)
    await Promise.all(batchesOf(due, options.batch).map((batch) => send(client, batch, tally)))
  }
  client.close()
  console.log(JSON.stringify(tally))
  if (tally.failed > 0) process.exitCode = 1
}

function labelsOf(accounts, day, options) {
  return arrivalsOf(requestsOf(accounts, day, options), options.seed * 7_919 + day)
}

/** Writes the labels that have arrived by now, and says how many they were. */
function deliver(onTheirWay, now, path) {
  const count = onTheirWay.findIndex(({ arrives }) => arrives > now)
  const arrived = onTheirWay.splice(0, count < 0 ? onTheirWay.length : count)
  if (arrived.length > 0) appendFileSync(path, arrived.map(lineOf).join(''))
  return arrived.length
}

function batchesOf(rows, size) {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size))
}

async function send(client, rows, tally) {
  tally.rows += rows.length
  const { status, version } = await client.infer(rows).catch((error) => ({ status: 0, version: error.message }))
  if (status === 200) {
    tally.answered += rows.length
    tally.versions[version] = (tally.versions[version] ?? 0) + rows.length
  } else if (status === 400) tally.refused += rows.length
  else tally.failed += rows.length
}
