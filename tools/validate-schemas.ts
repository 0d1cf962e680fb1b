/** What the main job left behind (`npm start`) and what verbs print about it, against the published schemas. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { schemaJudge } from '../tests/support/schemas.ts'

const root = dirname(import.meta.dirname)
const project = join(root, '.work', 'start', 'credit-default')
const judge = schemaJudge()

function demand(schema: string, value: unknown, what: string): void {
  const wrong = judge(schema, value)
  if (wrong.length > 0) throw new Error(`${what} is not what schemas/${schema}.schema.json says:\n${wrong.join('\n')}`)
}

/** Checks every record; gives how many there were of each verdict, form and kind. */
function ledger(): ReadonlyMap<string, number> {
  const seen = new Map<string, number>()
  const directory = join(project, '.plumb', 'ledger')
  for (const file of readdirSync(directory).filter((f) => f.endsWith('.jsonl'))) {
    const lines = readFileSync(join(directory, file), 'utf8').trimEnd().split('\n')
    for (const [index, line] of lines.entries()) {
      const record = JSON.parse(line) as Recorded
      demand('ledger-record', record, `${file}, line ${index + 1}`)
      const { statement } = record.body.evidence ?? {}
      for (const name of [record.body.kind, statement?.form, statement?.verdict])
        if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) + 1)
    }
  }
  return seen
}

interface Recorded {
  readonly body: {
    readonly kind: string
    readonly evidence?: { readonly statement: { readonly form: string; readonly verdict: string } }
  }
}

function printed(schema: string, ...args: readonly string[]): void {
  const bin = join(root, 'packages', 'cli', 'bin', 'plumb.js')
  const done = spawnSync(process.execPath, [bin, '-C', project, ...args, '--json'], { encoding: 'utf8' })
  demand(schema, JSON.parse(done.stdout), `plumb ${args.join(' ')} --json`)
}

if (!existsSync(project)) throw new Error('There is nothing to validate: run `npm start` first.')
const seen = ledger()
// A job that left none of these behind would make the validation an empty promise.
for (const name of [
  'evidence',
  'gate',
  'promotion',
  'run',
  'every',
  'must',
  'forall',
  'satisfied',
  'violated',
  'inconclusive',
])
  if (!seen.has(name)) throw new Error(`The main job left no record of \`${name}\` behind.`)
printed('check', 'check')
printed('gate', 'gate')
printed('verify', 'verify')
process.stdout.write(`${[...seen].map(([name, n]) => `${n} ${name}`).join(', ')}: all as published\n`)
