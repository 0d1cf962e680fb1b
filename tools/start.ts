/**
 * `npm start`: the main job on the embedded example. Every step is a `plumb` verb in a process of its own, on a fresh
 * copy; nothing is prerecorded. Only what is addressed by its content (trained models) is kept from one start to the next.
 */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { styleText } from 'node:util'

const root = dirname(import.meta.dirname)
const example = join(root, 'examples', 'credit-default')
const copy = join(root, '.work', 'start', 'credit-default')
const plumb = join(root, 'packages', 'cli', 'bin', 'plumb.js')
const interactive = process.stdout.isTTY === true && process.env['CI'] !== 'true'

interface Step {
  readonly title: string
  readonly args: readonly string[]
  /** The exit code that shows the step did what it is for. */
  readonly exit: number
}

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)

const STEPS: readonly Step[] = [
  {
    title: 'check: a spec with mistakes is refused, each with its place and what to do',
    args: ['check', '--spec', 'variants/mistakes.plumb.yaml'],
    exit: 2,
  },
  { title: 'check: the spec of the example', args: ['check'], exit: 0 },
  {
    title: 'test, data stage: the documented codes are not what the data holds',
    args: ['test', '--stage', 'data', '--spec', 'variants/documented.plumb.yaml'],
    exit: 1,
  },
  { title: 'test, data stage: the final spec handles it openly', args: ['test', '--stage', 'data'], exit: 0 },
  {
    title: 'run: train the models, monotone and without sex; one unconstrained, as a warning',
    args: ['run', '--trust'],
    exit: 0,
  },
  { title: 'test, model stage: the first candidate', args: ['test', '--stage', 'model'], exit: 0 },
  { title: 'gate', args: ['gate'], exit: 0 },
  { title: 'promote: the first champion', args: ['promote'], exit: 0 },
  {
    title: 'test, model stage: a challenger trained on more data, compared with the champion',
    args: ['test', '--stage', 'model', '--candidate', 'models/challenger.onnx'],
    exit: 0,
  },
  { title: 'promote: the challenger', args: ['promote', '--candidate', 'models/challenger.onnx'], exit: 0 },
  {
    title: 'test, model stage: the unconstrained model is refuted',
    args: ['test', '--stage', 'model', '--candidate', 'models/unconstrained.onnx'],
    exit: 1,
  },
  { title: 'gate: it is refused', args: ['gate', '--candidate', 'models/unconstrained.onnx'], exit: 1 },
  { title: 'verify: every byte of the evidence', args: ['verify'], exit: 0 },
]

function freshCopy(): void {
  const kept = join(root, '.work', 'start', 'kept')
  rmSync(kept, { recursive: true, force: true })
  mkdirSync(kept, { recursive: true })
  for (const part of ['cache', 'artifacts']) {
    if (existsSync(join(copy, '.plumb', part))) renameSync(join(copy, '.plumb', part), join(kept, part))
  }
  rmSync(copy, { recursive: true, force: true })
  cpSync(example, copy, {
    recursive: true,
    filter: (path) => !/[\\/](\.plumb|models|\.venv)([\\/]|$)/.test(path.slice(example.length)),
  })
  mkdirSync(join(copy, '.plumb'), { recursive: true })
  for (const part of ['cache', 'artifacts']) {
    if (existsSync(join(kept, part))) renameSync(join(kept, part), join(copy, '.plumb', part))
  }
}

function runPlumb(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [plumb, '-C', copy, ...args], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 130))
  })
}

function heading(text: string, args: readonly string[]): void {
  process.stdout.write(`\n${bold(text)}\n${dim(`$ plumb ${args.join(' ')}`)}\n`)
}

async function main(): Promise<number> {
  const began = performance.now()
  freshCopy()
  process.stdout.write(`${bold('Plumbline')} on 30 000 real accounts, in ${relative(process.cwd(), copy) || copy}\n`)
  for (const { title, args, exit } of STEPS) {
    heading(title, args)
    const code = await runPlumb(args)
    if (code === exit) continue
    process.stderr.write(`\nThe step ended with exit code ${code}; ${exit} was expected.\n`)
    return code === 130 ? 130 : 1
  }
  const replayed = firstProof()
  if (replayed !== undefined) {
    heading('replay: a verdict, run again', ['replay', replayed])
    if ((await runPlumb(['replay', replayed])) !== 0) return 1
  }
  heading('report: clauses, verdicts and lineage on one page, and a model card', ['report', '--card', 'MODEL_CARD.md'])
  if ((await runPlumb(['report', '--card', 'MODEL_CARD.md'])) !== 0) return 1
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  process.stdout.write(`\n${bold('Done')} in ${seconds} s. Report: ${join(copy, '.plumb', 'report.html')}\n`)
  return interactive ? runPlumb(['report', '--open']) : 0
}

/** The id of the evidence of a proof, to be replayed. */
function firstProof(): string | undefined {
  const asked = spawnSync(process.execPath, [plumb, '-C', copy, '--json', 'explain', 'later-payment-never-helps'], {
    encoding: 'utf8',
  })
  const { evidence } = JSON.parse(asked.stdout) as {
    readonly evidence: readonly { readonly id: string; readonly verdict: string }[]
  }
  return evidence.find((e) => e.verdict === 'satisfied')?.id
}

process.exitCode = await main()
