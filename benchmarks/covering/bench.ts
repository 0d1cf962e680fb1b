import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { coveringArray, verifyCovering } from '@plumbline/core/covering'
import { type Measure, spread } from '../support/figures.ts'
import { levelsOf, TARGETS } from './models.ts'

const PEERS = fileURLToPath(new URL('peers.ts', import.meta.url))
/** The peers' longest run; past it the peer has no figure. */
const PEER_SECONDS = 150

/** Sizes of suites, and how long the first valid one takes; `seconds` for each of ours. */
export function benchCovering(seconds: number, peers: boolean): readonly Measure[] {
  const first: number[] = []
  const sizes = TARGETS.map(({ levels: text, strength, target }): Measure => {
    const levels = levelsOf(text)
    const begin = performance.now()
    const seen: { readonly rows: number; readonly at: number }[] = []
    const made = coveringArray(
      { levels, strength },
      {
        seed: 'benchmark',
        moves: Number.MAX_SAFE_INTEGER,
        stop: () => performance.now() - begin > seconds * 1000,
        found: (rows) => void seen.push({ rows, at: performance.now() - begin }),
      },
    )
    if (!made.ok) throw new Error(made.fault)
    demandCovering(text, strength, made.suite.rows)
    first.push(seen[0]?.at ?? Number.NaN)
    const reached = seen.find(({ rows }) => rows <= target)
    const when = reached === undefined ? 'not reached' : `reached after ${(reached.at / 1000).toFixed(2)} s`
    const others = peers ? (['pict', 'covertable'] as const).map((tool) => sizeOf(tool, text, strength)) : []
    const known = others.filter((each) => each !== undefined)
    const [pict, covertable] = others.map((each) => (each === undefined ? 'no answer in time' : `${each}`))
    return {
      name: `covering ${text}, t = ${strength}`,
      unit: 'rows',
      ours: spread([made.suite.rows.length]),
      ...(known.length === 0 ? {} : { peer: spread([Math.min(...known)]) }),
      limit: target,
      note: `At most ${seconds} s (${made.suite.ended}); ${target} rows ${when}; no suite has fewer than ${made.suite.lowerBound}. By default: PICT ${pict ?? 'not asked'}, covertable ${covertable ?? 'not asked'}.`,
    }
  })
  return [
    ...sizes,
    {
      name: 'covering: the first valid suite',
      unit: 'ms wall',
      ours: { median: Math.max(...first), least: Math.min(...first), greatest: Math.max(...first) },
      limit: 2000,
      note: `The slowest of the ${first.length} models, shown as the median; wall time from the call to the first suite that covers all.`,
    },
  ]
}

function demandCovering(text: string, strength: number, rows: readonly (readonly number[])[]): void {
  const { malformed, forbidden, missing } = verifyCovering({ levels: levelsOf(text), strength }, rows)
  if (malformed.length + forbidden.length + missing.length > 0)
    throw new Error(`${text}, t = ${strength}: the suite lacks ${JSON.stringify(missing[0] ?? malformed)}`)
}

function sizeOf(tool: 'pict' | 'covertable', text: string, strength: number): number | undefined {
  const done = spawnSync(process.execPath, [PEERS, tool, String(strength), text], {
    encoding: 'utf8',
    timeout: PEER_SECONDS * 1000,
    maxBuffer: 2 ** 28,
  })
  if (done.signal !== null) return undefined
  if (done.status !== 0) throw new Error(`${tool}: ${done.stderr}`)
  const rows = JSON.parse(done.stdout) as readonly (readonly number[])[]
  demandCovering(text, strength, rows)
  return rows.length
}
