import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeData } from '../plan/make-data.ts'
import { compared, type Measure } from '../support/figures.ts'
import { type Cost, measure } from '../support/process.ts'
import { CHECKS } from './checks.ts'
import { type Asked, runCommand } from './command.ts'
import { pythonOf } from './install.ts'
import { DRIFTING } from './spec.ts'

/** How large, and how often. */
export interface PeersSize {
  readonly rows: number
  readonly rounds: number
}

/** What one side cost in one round. */
interface Found {
  /** User and system time after the imports: the work alone. */
  readonly cpuMs: number
  /** The same by the clock. */
  readonly wallMs: number
  /** User and system time of the process from its start to its end. */
  readonly wholeCpuMs: number
  /** What a person waits for: from the start of the process to its end, by the clock. */
  readonly wholeWallMs: number
  readonly peakMb: number
  readonly verdicts: readonly (boolean | number)[]
}

interface Peer {
  readonly name: string
  readonly tool: string
  readonly script: string
  readonly ours: Asked
  /** Ours in parts of the peer's time, at most. */
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
  // As Python's modules were compiled when they were installed, so has the command been started before.
  runCommand(folder, 'checks', file, rows)
  for (const peer of PEERS) {
    const python = pythonOf(peer.tool)
    if (python === undefined) {
      process.stderr.write(`  ${peer.name}: not installed (node benchmarks/peers/install.ts ${peer.tool})\n`)
      continue
    }
    const load = loadavg()[0] ?? 0
    const own: Found[] = []
    const theirs: Found[] = []
    const hand: Cost[] = []
    const given = peer.ours === 'drift' ? [path, String(rows), DRIFTING.join(',')] : [path, checks]
    for (let round = 0; round < rounds; round++) {
      own.push(runOurs(folder, peer.ours, file, rows))
      theirs.push(runPeer(python, [script(peer.script), ...given]))
      agree(peer, rows, own.at(-1), theirs.at(-1))
      if (peer.ours === 'checks') hand.push(runByHand(path, checks, own.at(-1)))
    }
    const size = `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns of Parquet`
    const each = (of: readonly Found[], name: 'cpuMs' | 'wallMs' | 'wholeCpuMs' | 'wholeWallMs' | 'peakMb') =>
      of.map((one) => one[name])
    measures.push(
      compared(
        `${peer.name}: wall`,
        'ms wall',
        each(own, 'wholeWallMs'),
        each(theirs, 'wholeWallMs'),
        peer.limit,
        `What a person waits for: \`plumb test\`, evidence and ledger included, beside the peer's script, each from the start of its process to its end. ${size}, read by both sides; ${peer.note} ${rounds} rounds in turns, load of the machine ${load.toFixed(1)} at the beginning.`,
      ),
      compared(
        `${peer.name}: CPU`,
        'ms CPU',
        each(own, 'wholeCpuMs'),
        each(theirs, 'wholeCpuMs'),
        peer.limit,
        'User and system time of the same processes: what other work on the machine disturbs less.',
      ),
      compared(
        `${peer.name}: CPU after the imports`,
        'ms CPU',
        each(own, 'cpuMs'),
        each(theirs, 'cpuMs'),
        undefined,
        'The engine called from a script, as a library: what grows with the data, and nothing of what is loaded before. The file is read by both sides.',
      ),
      compared(
        `${peer.name}: wall after the imports`,
        'ms wall',
        each(own, 'wallMs'),
        each(theirs, 'wallMs'),
        undefined,
        'The same by the clock: two threads of ours, as many of theirs as they take.',
      ),
      compared(
        `${peer.name}: peak memory`,
        'MiB',
        each(own, 'peakMb'),
        each(theirs, 'peakMb'),
        1 / 4,
        'Largest resident set of the whole process (`plumb test`; the script of the peer), interpreter and libraries included.',
      ),
    )
    if (hand.length > 0)
      measures.push(
        compared(
          `${peer.name}: CPU of DuckDB by hand`,
          'ms CPU',
          hand.map(({ cpuMs }) => cpuMs),
          each(theirs, 'wholeCpuMs'),
          undefined,
          'Not ours: the least that Node and DuckDB can do for the same 60 verdicts (`by-hand.ts`), beside the same peer. No spec, no digest, no failing rows, no evidence: what no change of ours goes below.',
        ),
        compared(
          `${peer.name}: peak memory of DuckDB by hand`,
          'MiB',
          hand.map(({ peakMb }) => peakMb),
          each(theirs, 'peakMb'),
          undefined,
          'The same process.',
        ),
      )
  }
  return measures
}

/** The command as a user runs it, and the engine as a library beside it; both have to say the same. */
function runOurs(folder: string, asked: Asked, file: string, rows: number): Found {
  const command = runCommand(folder, asked, file, rows)
  const library = JSON.parse(measure([script('ours.ts'), asked, folder, file, String(rows)]).output) as Found
  if (JSON.stringify(library.verdicts) !== JSON.stringify(command.verdicts))
    throw new Error(`The command says ${command.verdicts.join()}, the library ${library.verdicts.join()}.`)
  return { ...library, wholeCpuMs: command.cpuMs, wholeWallMs: command.wallMs, peakMb: command.peakMb }
}

/** The same verdicts by DuckDB alone. */
function runByHand(path: string, checks: string, own: Found | undefined): Cost {
  const cost = measure([script('by-hand.ts'), path, checks])
  const { verdicts } = JSON.parse(cost.output) as Pick<Found, 'verdicts'>
  if (JSON.stringify(verdicts) !== JSON.stringify(own?.verdicts))
    throw new Error(`By hand the verdicts are ${verdicts.join()}, ours ${own?.verdicts.join()}.`)
  return cost
}

function runPeer(python: string, args: readonly string[]): Found {
  const began = performance.now()
  const done = spawnSync(python, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 26 })
  const wholeWallMs = performance.now() - began
  if (done.status !== 0) throw new Error(`${args[0]} ended with ${done.status}:\n${done.stderr.slice(-3000)}`)
  // What a tool writes of its progress stands before it.
  return { ...(JSON.parse(done.stdout.slice(done.stdout.lastIndexOf('{"cpuMs"'))) as Found), wholeWallMs }
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
