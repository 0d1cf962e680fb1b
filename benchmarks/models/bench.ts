import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compared, type Measure } from '../support/figures.ts'
import { makeProject } from './make-rows.ts'

interface Turns {
  readonly ours: readonly number[]
  readonly peer: readonly number[]
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Evaluation of an ONNX file against onnxruntime itself, and what slices and groups add to the model stage. */
export async function benchModels(folder: string, rows: number, rounds: number): Promise<readonly Measure[]> {
  const asked = (model: string): Turns =>
    JSON.parse(ran(['evaluation.ts', model, String(rows), String(rounds)])) as Turns
  const [trees, network, isolated] = [asked('trees'), asked('network'), asked('isolated')]
  const project = await makeProject(folder, rows)
  const stage = (side: string): number =>
    (JSON.parse(ran(['sides.ts', project, side])) as { readonly cpuMs: number }).cpuMs
  const [sliced, plain]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    sliced.push(stage('sliced'))
    plain.push(stage('plain'))
  }
  const size = `${rows} rows of 20 numbers`
  const own = `peer = onnxruntime on float32 tensors that are there already, calls of 4096 rows; ours: columns of doubles in, a column out. Same session options, one thread.`
  return [
    compared('ONNX: a forest of 200 trees', 'ms CPU', trees.ours, trees.peer, 1.2, `${size}; ${own}`),
    compared('ONNX: a network of 72 000 weights', 'ms CPU', network.ours, network.peer, 1.2, `${size}; ${own}`),
    compared(
      'ONNX: a network in a process of its own',
      'ms wall',
      isolated.ours,
      isolated.peer,
      undefined,
      `${size}; a file whose work nothing bounds, asked through a process that can be ended, in calls of 256 rows; by the clock, since the CPU is another process's.`,
    ),
    compared(
      'metrics of a model in slices and groups',
      'ms CPU',
      sliced,
      plain,
      1.3,
      `The model stage as a whole process, the forest included, ${size}: accuracy, recall, ROC area and Brier in five regions and of the young, and the recall of two groups; peer = the same four of all rows.`,
    ),
  ]
}

function ran([script = '', ...args]: readonly string[]): string {
  const done = spawnSync(process.execPath, [here(script), ...args], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${done.status}:\n${done.stderr}`)
  return done.stdout
}
