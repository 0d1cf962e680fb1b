import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Measure, spread } from '../support/figures.ts'
import { measure } from '../support/process.ts'

const PROGRAM = fileURLToPath(new URL('write-log.ts', import.meta.url))

/** What a run of the program says of itself. */
interface Run {
  readonly cpuUs: number
  /** Largest resident set in each tenth of the rows, in MiB. */
  readonly peaks: readonly number[]
}

/** The log of requests: CPU per row, and memory over a million rows. */
export function benchRequests(folder: string, rows: number, rounds: number): readonly Measure[] {
  const directory = join(folder, 'requests')
  mkdirSync(folder, { recursive: true })
  const run = (count: number, perTurn: number, mode: 'compact' | 'lines'): Run =>
    JSON.parse(measure([PROGRAM, directory, String(count), String(perTurn), mode]).output) as Run
  const few = Math.min(rows, 200_000)
  const cost = (perTurn: number, mode: 'compact' | 'lines') =>
    spread(Array.from({ length: rounds }, () => (run(few, perTurn, mode).cpuUs / few) * 1000))
  const whole = run(rows, 8, 'compact')
  const figures: readonly Measure[] = [
    {
      name: 'log of requests: a row, 8 requests a turn',
      unit: 'ns CPU',
      ours: cost(8, 'lines'),
      note: 'A row of 25 columns and those of the log (546 bytes) from the call of `append` to the acknowledgement, all threads; making the row is a part of it.',
    },
    {
      name: 'log of requests: a row, alone in its turn',
      unit: 'ns CPU',
      ours: cost(1, 'lines'),
      note: 'The same where no other request shares the write: the least busy server.',
    },
    {
      name: 'log of requests: a row, Parquet included',
      unit: 'ns CPU',
      ours: cost(8, 'compact'),
      limit: 20_000,
      note: 'The same as the first with what turns segments into Parquet, on threads of its own.',
    },
    {
      name: 'log of requests: memory at the end of all rows',
      unit: 'MiB',
      ours: spread([whole.peaks.at(-1) ?? Number.NaN]),
      limit: 512,
      note: `Largest resident set in the last tenth of ${rows} rows, with compaction; in the third tenth it was ${(whole.peaks[2] ?? Number.NaN).toFixed(0)} MiB. What it grows by is the heap that V8 allows itself, which stops growing.`,
    },
  ]
  rmSync(directory, { recursive: true, force: true })
  return figures
}
