/**
 * Writes `faults.md` of each template pack: what `plumb mutate` says of it (of those named, else of all). Read back by the test that repeats some of it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { templateModel, templateNames } from '../../packages/cli/src/template-packs.ts'
import type { Mutated } from '../../packages/cli/src/verbs/mutate.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PLUMB = join(ROOT, 'packages', 'cli', 'bin', 'plumb.js')
const asked = process.argv.slice(2)
/** Of `llm-answers`, whose model is a server: `list-answer-faults.ts`. */
const ofFiles = templateNames.filter((name) => templateModel(name).endsWith('.onnx'))
const NAMES = asked.length > 0 ? asked : ofFiles

function plumb(...args: readonly string[]): string {
  const done = spawnSync(process.execPath, [PLUMB, ...args], { encoding: 'utf8', maxBuffer: 1e8 })
  if (done.status !== 0) throw new Error(`plumb ${args.join(' ')}: ${done.stderr}${done.stdout}`)
  return done.stdout
}

const share = (value: number): string => `${Math.round(value * 100)} %`

/** The list of one pack as Markdown. */
function listOf(name: string, { faults, score, seed }: Mutated): string {
  const line = ({ fault, outcome, kills, undecided }: Mutated['faults'][number]): string => {
    const by = outcome === 'undecided' ? undecided : kills
    return `| ${fault.id} | ${fault.says} | ${outcome} | ${[...new Set(by.map(({ clause }) => clause))].join(', ')} |`
  }
  const { kills, alarms } = score
  return `# Seeded faults of ${name}

Written by \`tools/templates/list-faults.ts\` from \`plumb mutate --seed ${seed} --faults ${faults.length} --no-spec-faults --no-propose\` on the rows and the model of this pack.
Killed ${kills.k} of ${kills.n} (${share(kills.interval.low)} to ${share(kills.interval.high)}); alarms on ${alarms.k} of ${alarms.n} controls (up to ${share(alarms.interval.high)}).
What survives is what the template does not look for: accept clauses that \`plumb mutate\` proposes on your own data.

| fault | what is wrong | outcome | noticed by |
| --- | --- | --- | --- |
${faults.map(line).join('\n')}
`
}

for (const name of NAMES) {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-template-'))
  plumb('-C', folder, 'init', '--template', name)
  const run = plumb(
    '-C',
    folder,
    'mutate',
    '--json',
    '--seed',
    'template',
    '--faults',
    '40',
    '--controls',
    '10',
    '--no-spec-faults',
    '--no-propose',
  )
  writeFileSync(join(ROOT, 'packages', 'cli', 'templates', name, 'faults.md'), listOf(name, JSON.parse(run) as Mutated))
  rmSync(folder, { recursive: true })
}
