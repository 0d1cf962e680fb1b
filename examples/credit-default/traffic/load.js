// Steady load on a model until the process is told to stop; then one line of JSON: what was answered, by whom.
// Usage: node traffic/load.js --url http://HOST/v2/models/NAME [--connections N] [--batch N] [--seed N]
// [--pause MS]: a connection waits so long between two requests.
import { setTimeout as sleep } from 'node:timers/promises'
import { readAccounts } from './accounts.js'
import { readOptions } from './options.js'
import { openClient } from './protocol.js'

/** Ids that no label is ever known for. */
const FIRST_ID = 500_000_000

try {
  await main(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(`load: ${error.message}`)
  process.exitCode = 2
}

async function main({ url, data, connections, batch, pauseMs }) {
  const { accounts, inputs } = await readAccounts(data, 'later')
  const client = openClient(url, inputs, connections)
  const tally = { requests: 0, answered: 0, failed: 0, failures: [], versions: {} }
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  process.once('SIGINT', () => stop.abort())
  let next = 0
  const oneByOne = async () => {
    while (!stop.signal.aborted) {
      const first = next
      next += batch
      const rows = Array.from({ length: batch }, (_, i) => ({
        id: FIRST_ID + first + i,
        inputs: accounts[(first + i) % accounts.length].inputs,
      }))
      tally.requests += 1
      const { status, version } = await client.infer(rows).catch((error) => ({ status: error.message }))
      if (status === 200) {
        tally.answered += 1
        tally.versions[version] = (tally.versions[version] ?? 0) + 1
        if (tally.answered === 1) console.log('answered')
      } else {
        tally.failed += 1
        if (tally.failures.length < 5) tally.failures.push(status)
      }
      if (pauseMs > 0) await sleep(pauseMs)
    }
  }
  await Promise.all(Array.from({ length: connections }, oneByOne))
  client.close()
  console.log(JSON.stringify(tally))
  if (tally.failed > 0) process.exitCode = 1
}
