/** Writes `faults.md` of `llm-answers`: what its clauses say of the stand-in with each fault (or with those named). Read back by the test that repeats some of it. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ANSWER_FAULTS, startStandIn } from './answer-faults.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PACK = join(ROOT, 'packages', 'cli', 'templates')

interface Tested {
  readonly evidence: readonly { readonly clause: string; readonly verdict: string; readonly reason?: string }[]
}

/** The clauses that are not satisfied, by verdict. */
async function noticed(fault: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-answers-'))
  mkdirSync(join(folder, 'templates'))
  cpSync(join(PACK, 'llm-answers'), folder, { recursive: true })
  cpSync(join(PACK, 'llm-answers.plumb.yaml'), join(folder, 'templates', 'llm-answers.plumb.yaml'))
  const { url, child } = await startStandIn(folder, fault)
  const plumb = join(ROOT, 'packages', 'cli', 'bin', 'plumb.js')
  const done = spawnSync(process.execPath, [plumb, '-C', folder, 'test', '--trust', '--json'], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, CHAT_URL: url },
  })
  child.kill()
  rmSync(folder, { recursive: true })
  const { evidence } = JSON.parse(done.stdout) as Tested
  const of = (verdict: string): readonly string[] => [
    ...new Set(evidence.flatMap((each) => (each.verdict === verdict ? [each.clause] : []))),
  ]
  return { violated: of('violated'), inconclusive: of('inconclusive'), error: of('error') }
}

const FILE = join(PACK, 'llm-answers', 'faults.md')
const asked = process.argv.slice(2)
const before = existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n') : []
const lines: string[] = []
for (const [fault, says] of Object.entries({ '': 'none', ...ANSWER_FAULTS })) {
  const kept = before.find((line) => line.startsWith(`| ${fault} |`))
  if (asked.length > 0 && fault !== '' && !asked.includes(fault) && kept !== undefined) {
    lines.push(kept)
    continue
  }
  const { violated = [], inconclusive = [], error = [] } = await noticed(fault)
  if (fault === '') {
    if (violated.length + inconclusive.length + error.length > 0)
      throw new Error(`The stand-in itself does not hold: ${JSON.stringify({ violated, inconclusive, error })}`)
    continue
  }
  const cells = [
    fault,
    says,
    violated.length + error.length > 0 ? 'noticed' : 'survived',
    violated.join(', '),
    error.join(', '),
  ]
  lines.push(`| ${cells.join(' | ')} |`)
}

writeFileSync(
  FILE,
  `# Seeded faults of llm-answers

Written by \`tools/templates/list-answer-faults.ts\` from \`plumb test --trust\` with the stand-in of this pack (\`node models/chat.mjs PORT FAULT\`) over HTTP. Without a fault all
clauses are satisfied. A fault is noticed where a clause is violated, or an error says that it cannot be decided.

| fault | what is wrong | outcome | violated | error |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
)
