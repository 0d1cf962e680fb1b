import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compared, type Measure, spread } from '../support/figures.ts'
import { makeRows } from './make-rows.ts'

const PINNED = ['numpy==2.4.6', 'scikit-learn==1.9.1']
const REPLICATES = 1000

interface Run {
  readonly onceMs: number
  readonly replicateMs: number
  readonly values: readonly number[]
}

/** Metrics and bootstrap replicates on many rows, against NumPy and scikit-learn. */
export function benchMetrics(folder: string, rows: number, replicates: number, rounds: number): readonly Measure[] {
  const file = makeRows(folder, rows)
  const python = pythonFor(folder)
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  const ours: (Run & { readonly intervalsMs: number })[] = []
  const peer: Run[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(JSON.parse(ran(process.execPath, [here('ours.ts'), file, String(replicates)])) as (typeof ours)[number])
    peer.push(JSON.parse(ran(python, [here('peer.py'), file, String(Math.max(1, replicates >> 2))])) as Run)
  }
  for (const [i, value] of (ours[0]?.values ?? []).entries()) {
    const other = peer[0]?.values[i] ?? Number.NaN
    if (!(Math.abs(value / other - 1) < 1e-9)) throw new Error(`metric ${i}: ${value} and ${other} are not the same`)
  }
  const whole = ({ onceMs, replicateMs }: Run): number => onceMs + REPLICATES * replicateMs
  return [
    compared(
      `metrics: eight of ${rows} rows, ${REPLICATES} bootstrap replicates`,
      'ms CPU',
      ours.map(whole),
      peer.map(whole),
      0.1,
      `Accuracy, precision, recall, F1, ROC area, average precision, Brier, log loss: once, and ${REPLICATES} times what one replicate costs (measured on ${replicates} and ${Math.max(1, replicates >> 2)}). The peer draws rows by index and measures by NumPy, the two areas by scikit-learn.`,
    ),
    {
      name: `metrics: eight of ${rows} rows, intervals as the engine makes them`,
      unit: 'ms CPU',
      ours: spread(ours.map(({ intervalsMs }) => intervalsMs)),
      note: 'The delete-a-group jackknife, which takes the place of the bootstrap above 10 000 kinds of rows; all eight, although those with an interval from theory need none.',
    },
  ]
}

function pythonFor(folder: string): string {
  const given = process.env['PLUMB_BENCH_PYTHON']
  if (given !== undefined) return given
  const python = join(folder, 'venv', 'bin', 'python')
  if (!existsSync(python)) ran('python3', ['-m', 'venv', join(folder, 'venv')])
  if (spawnSync(python, ['-c', 'import sklearn']).status !== 0) ran(python, ['-m', 'pip', 'install', '-q', ...PINNED])
  return python
}

function ran(command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.status}:\n${done.stderr}`)
  return done.stdout
}
