import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeData } from '../plan/make-data.ts'
import { compared, type Measure } from '../support/figures.ts'
import { measure } from '../support/process.ts'
import { CHECKS } from './checks.ts'
import { pythonOf } from './install.ts'
import { DRIFTING } from './spec.ts'

/** How large, and how often. */
export interface PeersSize {
  readonly rows: number
  readonly rounds: number
}

interface Found {
  /** User and system time after the imports. */
  readonly cpuMs: number
  /** The same by the clock. */
  readonly wallMs: number
  /** User and system time of the process from its start. */
  readonly wholeCpuMs: number
  readonly peakMb: number
  readonly verdicts: readonly (boolean | number)[]
}

interface Peer {
  readonly name: string
  readonly tool: string
  readonly script: string
  readonly ours: 'checks' | 'drift'
  /** Ours in parts of the peer's CPU time, at most. */
  readonly limit: number
  readonly note: string
}

const PEERS: readonly Peer[] = [
  {
    name: 'Great Expectations (pandas)',
    tool: 'great-expectations',
    script: 'great-expectations.py',
    ours: 'checks',
    limit: 1 / 20,
    note: 'one validation, result format SUMMARY; the 60 verdicts are the same.',
  },
  {
    name: 'Pandera (pandas)',
    tool: 'pandera',
    script: 'pandera-pandas.py',
    ours: 'checks',
    limit: 1 / 10,
    note: 'one lazy validation; the 60 verdicts are the same.',
  },
  {
    name: 'Pandera (polars)',
    tool: 'pandera',
    script: 'pandera-polars.py',
    ours: 'checks',
    limit: 1 / 2,
    note: 'one lazy validation; the 60 verdicts are the same.',
  },
  {
    name: 'Deepchecks, data integrity',
    tool: 'deepchecks',
    script: 'deepchecks.py',
    ours: 'checks',
    limit: 1 / 20,
    note: 'its own 12 checks by its own defaults, which look at samples of the rows; ours are the 60 checks of all rows. Not the same work, and no verdicts to compare.',
  },
  {
    name: 'Evidently, data drift',
    tool: 'evidently',
    script: 'evidently-drift.py',
    ours: 'drift',
    limit: 1 / 10,
    note: `the Wasserstein distance of ${DRIFTING.length} columns of numbers, the second half of the rows against the first, without intervals (the peer has none); the distances agree but for the divisor of the standard deviation (n here, n − 1 with us).`,
  },
]

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The same checks of the same rows by each peer that is installed (`node benchmarks/peers/install.ts`), in turns with ours. */
export async function benchPeers(folder: string, { rows, rounds }: PeersSize): Promise<readonly Measure[]> {
  const file = `orders-${rows}.parquet`
  const path = join(folder, file)
  await makeData(path, rows)
  const checks = join(folder, 'checks.json')
  writeFileSync(checks, JSON.stringify(CHECKS))
  const measures: Measure[] = []
  for (const peer of PEERS) {
    const python = pythonOf(peer.tool)
    if (python === undefined) {
      process.stderr.write(`  ${peer.name}: not installed (node benchmarks/peers/install.ts ${peer.tool})\n`)
      continue
    }
    const load = loadavg()[0] ?? 0
    const own: Found[] = []
    const theirs: Found[] = []
    const given = peer.ours === 'drift' ? [path, String(rows), DRIFTING.join(',')] : [path, checks]
    for (let round = 0; round < rounds; round++) {
      const cost = measure([script('ours.ts'), peer.ours, folder, file, String(rows)])
      own.push({ ...(JSON.parse(cost.output) as Found), wholeCpuMs: cost.cpuMs, peakMb: cost.peakMb })
      theirs.push(runPeer(python, [script(peer.script), ...given]))
      agree(peer, rows, own.at(-1), theirs.at(-1))
    }
    const size = `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns of Parquet`
    const each = (of: readonly Found[], name: 'cpuMs' | 'wallMs' | 'wholeCpuMs' | 'peakMb') =>
      of.map((one) => one[name])
    measures.push(
      compared(
        `${peer.name}: CPU`,
        'ms CPU',
        each(own, 'cpuMs'),
        each(theirs, 'cpuMs'),
        peer.limit,
        `${size}, read by both sides; ${peer.note} ${rounds} rounds in turns, load of the machine ${load.toFixed(1)} at the beginning.`,
      ),
      compared(
        `${peer.name}: wall`,
        'ms wall',
        each(own, 'wallMs'),
        each(theirs, 'wallMs'),
        undefined,
        'The same by the clock: two threads of ours, as many of theirs as they take. Other work on the machine is in it.',
      ),
      compared(
        `${peer.name}: whole process`,
        'ms CPU',
        each(own, 'wholeCpuMs'),
        each(theirs, 'wholeCpuMs'),
        undefined,
        'The start of the interpreter and its imports included, on both sides: what one run of a command costs.',
      ),
      compared(
        `${peer.name}: peak memory`,
        'MiB',
        each(own, 'peakMb'),
        each(theirs, 'peakMb'),
        1 / 4,
        'Largest resident set of the whole process, interpreter and libraries included.',
      ),
    )
  }
  return measures
}

function runPeer(python: string, args: readonly string[]): Found {
  const done = spawnSync(python, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 })
  if (done.status !== 0) throw new Error(`${args[0]} ended with ${done.status}:\n${done.stderr.slice(-3000)}`)
  // What a tool writes of its progress stands before it.
  return JSON.parse(done.stdout.slice(done.stdout.lastIndexOf('{"cpuMs"'))) as Found
}

/** Both sides must have come to the same verdicts, or the comparison means nothing. */
function agree(peer: Peer, rows: number, own: Found | undefined, theirs: Found | undefined): void {
  if (peer.tool === 'deepchecks' || own === undefined || theirs === undefined) return
  theirs.verdicts.forEach((verdict, i) => {
    const ours = own.verdicts[i]
    const same =
      typeof verdict === 'number' && typeof ours === 'number'
        ? Math.abs(verdict - ours) <= (2 / rows) * Math.abs(verdict)
        : verdict === ours
    if (!same)
      throw new Error(`${peer.name}, check ${i} (${JSON.stringify(CHECKS[i])}): ours ${ours}, theirs ${verdict}.`)
  })
}
