import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a run of load came to. */
export interface LoadRun {
  readonly requests: number
  readonly seconds: number
  /** Latencies in milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** How much is asked, for how long. */
export interface Load {
  readonly url: string
  /** Sent in turn. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly seconds: number
}

/** Sends requests over and over with wrk; throws when an answer is not 200 or does not come. */
export function runLoad(folder: string, { url, bodies, connections, seconds }: Load): LoadRun {
  const script = join(folder, 'load.lua')
  writeFileSync(
    script,
    `local bodies = {${bodies.map((body) => JSON.stringify(body)).join(',')}}
local requests, at = {}, 0
init = function()
  for i, body in ipairs(bodies) do
    requests[i] = wrk.format("POST", nil, {["content-type"] = "application/json"}, body)
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"failed":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
`,
  )
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url]
  const done = spawnSync('wrk', args, { encoding: 'utf8' })
  const found = /RESULT(\{.*\})/.exec(done.stdout ?? '')?.[1]
  if (found === undefined)
    throw new Error(`wrk said nothing of use: ${done.error?.message ?? done.stderr}${done.stdout}`)
  const { failed, ...run } = JSON.parse(found) as LoadRun & { readonly failed: number }
  if (failed > 0 || run.requests === 0) throw new Error(`${failed} of ${run.requests} requests to ${url} failed.`)
  return run
}
