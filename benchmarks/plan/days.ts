import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compared, type Measure } from '../support/figures.ts'
import { measure } from '../support/process.ts'
import { makeDays } from './make-data.ts'

const SIDE = fileURLToPath(new URL('days-side.ts', import.meta.url))
const DAYS = 31

interface Run {
  readonly cpuMs: number
  readonly measured: number
  readonly merged: number
  readonly verdicts: readonly string[]
}

/**
 * One more day after 31 that were measured, against reading all 32: in each round what was kept is made anew of the first 31, then both
 * sides decide the same 32 files, and must say the same.
 */
export async function benchDays(folder: string, rowsADay: number, rounds: number): Promise<readonly Measure[]> {
  const root = join(folder, `days-${rowsADay}`)
  await makeDays(root, DAYS + 1, rowsADay)
  const run = (mode: 'all' | 'kept'): Run => JSON.parse(measure([SIDE, root, 'day=*/*.parquet', mode]).output) as Run
  const last = join(root, `day=${DAYS + 1}`)
  const away = join(root, 'away')
  const ours: number[] = []
  const whole: number[] = []
  const first: number[] = []
  for (let round = 0; round < rounds; round++) {
    rmSync(join(root, 'states'), { recursive: true, force: true })
    renameSync(last, away)
    const begun = run('kept')
    renameSync(away, last)
    const all = run('all')
    const more = run('kept')
    if (begun.measured !== DAYS || more.measured !== 1)
      throw new Error(`${more.measured} files were measured, not one.`)
    if (more.verdicts.join('\n') !== all.verdicts.join('\n')) throw new Error('The two sides do not say the same.')
    first.push(begun.cpuMs)
    ours.push(more.cpuMs)
    whole.push(all.cpuMs)
  }
  const size = `${DAYS + 1} days of ${rowsADay.toLocaleString('en')} rows × 20 columns of Parquet; the clauses of \`plan/\` but the medians and quantiles`
  return [
    compared(
      `one more day after ${DAYS}`,
      'ms CPU',
      ours,
      whole,
      0.25,
      `${size}. Peer = the same run without anything kept, which reads all files at once. Both say the same, failing rows counted.`,
    ),
    compared(
      `the first ${DAYS} days, file by file`,
      'ms CPU',
      first,
      whole,
      undefined,
      'What it costs to measure each file by itself and keep what it came to; peer = one run over all files and the day after.',
    ),
  ]
}
