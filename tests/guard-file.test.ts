import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from 'node:child_process'
import type { GuardPlan as PlanOfCore } from '@plumbline/core'
import type { GuardPlan as PlanOfGuard } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GUARD_RUNTIME } from '../packages/cli/src/guard-file/runtime.generated.ts'
import { guardRuntime } from '../tools/generate/guard-runtime.ts'
import { plumb, ROOT } from './support/plumb.ts'

// The file that `plumb guard` writes works where Plumbline is not: the folder it is copied to has no packages.

const CHROMIUM = '/usr/bin/chromium'
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumb-guard-file-'))
  cpSync(join(ROOT, 'examples', 'credit-default', 'plumb.yaml'), join(folder, 'plumb.yaml'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A request of the example that satisfies every clause; `change` alters some fields. */
const row = (change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  limit_bal: 50000,
  sex: 1,
  education: 2,
  marriage: 1,
  age: 30,
  ...Object.fromEntries(['pay_0', 'pay_2', 'pay_3', 'pay_4', 'pay_5', 'pay_6'].map((c) => [c, 0])),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].flatMap((i) => [
      [`bill_amt${i}`, 1000.5],
      [`pay_amt${i}`, 10],
    ]),
  ),
  ...change,
})

/** What the file is asked, in plain JavaScript that runs anywhere; it gives one line of JSON. */
const QUESTIONS = `
const rows = ROWS
const answers = []
for (const each of rows) {
  const body = guardFile.parseJson(JSON.stringify([each]))
  const answer = await guardFile.serve(guardFile.guard, body.value, { model: (asked) => asked.map(() => ({ risk: each.age === 44 ? 1.5 : 0.7 })), fallback: (asked) => asked.map(() => ({ risk: 0.2 })) })
  answers.push([answer.kind, answer.clauses ?? null, answer.rows ?? null, (answer.findings ?? []).map((f) => f.action + ' ' + (f.violation.clause ?? f.violation.field))])
}
answers.push(guardFile.parseJson('{"age": 1, "age": 2}'))
const said = JSON.stringify(answers)
`
const ASKED = [
  row(),
  row({ age: 17 }),
  row({ age: '30' }),
  row({ sex: 3, surname: 'x' }),
  row({ bill_amt1: 1_999_999 }),
  row({ age: 44 }),
]
const questions = QUESTIONS.replace('ROWS', JSON.stringify(ASKED))
const EXPECTED = [
  ['answered', null, [{ risk: 0.7, decision: true }], []],
  ['rejected', ['accounts.age.range'], null, ['reject accounts.age.range']],
  [
    'rejected',
    ['accounts.age.type', 'accounts.age.required'],
    null,
    ['reject accounts.age.type', 'reject accounts.age.required'],
  ],
  ['rejected', ['accounts.sex.values'], null, ['reject surname', 'reject accounts.sex.values']],
  ['answered', null, [{ risk: 0.7, decision: true }], ['flag bills-within-limit']],
  ['answered', null, [{ risk: 0.2, decision: false }], ['fallback champion.risk.range']],
  { ok: false, problem: 'duplicate-key' },
]

describe('plumb guard --out', () => {
  it('writes one module, and says what it enforces', () => {
    const { code, out } = plumb(folder, '--json', 'guard', '--out', 'guard.js')
    expect(code).toBe(0)
    const said = JSON.parse(out) as { input: number; output: number; notEnforced: readonly { id: string }[] }
    expect(said.input).toBeGreaterThan(60)
    expect(said.output).toBe(2)
    expect(said.notEnforced.map(({ id }) => id)).toEqual(['ranks-well', 'equal-opportunity', 'population-stable'])
    const text = readFileSync(join(folder, 'guard.js'), 'utf8')
    expect(text).not.toMatch(/\bimport\b|\beval\(|new Function|process\.|globalThis/)
  })

  it('answers in a fresh Node process', () => {
    writeFileSync(
      join(folder, 'ask.mjs'),
      `import * as guardFile from './guard.js'\n${questions}\nprocess.stdout.write(said)\n`,
    )
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const { status, stdout, stderr } = spawnSync(process.execPath, ['ask.mjs'], { cwd: folder, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual(EXPECTED)
  })

  it.skipIf(!existsSync(CHROMIUM))('answers in a browser, under a policy that forbids eval', async () => {
    const page = `<!doctype html><meta charset="utf-8"><pre id="said"></pre><script type="module">
import * as guardFile from './guard.js'
${questions}
document.getElementById('said').textContent = encodeURIComponent(said)
</script>`
    const server = createServer((request, response) => {
      const script = request.url === '/guard.js'
      response.writeHead(200, {
        'content-type': script ? 'text/javascript' : 'text/html',
        'content-security-policy': "default-src 'none'; script-src 'self' 'unsafe-inline'",
      })
      response.end(script ? readFileSync(join(folder, 'guard.js')) : page)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      const { stdout } = await promisify(execFile)(CHROMIUM, [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--virtual-time-budget=10000',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--dump-dom',
        `http://127.0.0.1:${port}/`,
      ])
      const said = /<pre id="said">([^<]*)<\/pre>/.exec(stdout)?.[1] ?? ''
      expect(JSON.parse(decodeURIComponent(said))).toEqual(EXPECTED)
    } finally {
      server.close()
    }
  })

  it('fails in words without a champion', () => {
    const other = mkdtempSync(join(tmpdir(), 'plumb-guard-none-'))
    writeFileSync(
      join(other, 'plumb.yaml'),
      'plumbline: 1\nsystem: { name: a, version: 1.0.0 }\ndata: { t: { source: t.csv, columns: { x: { type: integer } } } }\n',
    )
    const { code, err, out } = plumb(other, 'guard', '--out', 'guard.js')
    expect(code).not.toBe(0)
    expect(`${err}${out}`).toContain('no model `champion`')
    expect(existsSync(join(other, 'guard.js'))).toBe(false)
    rmSync(other, { recursive: true })
  })
})

describe('the runtime inside', () => {
  it('is the guard package as it is now, and small', async () => {
    const text = await guardRuntime(ROOT)
    expect(text).toContain(JSON.stringify(GUARD_RUNTIME))
    expect(GUARD_RUNTIME.length).toBeLessThan(12_000)
  })

  it('reads the plan that core writes', () => {
    const there = (plan: PlanOfCore): PlanOfGuard => plan
    const back = (plan: PlanOfGuard): PlanOfCore => plan
    expect([there, back]).toHaveLength(2)
  })
})
