import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence } from '@plumbline/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const SPEC = `plumbline: 1
system: { name: clock, version: 1.0.0 }
data:
  people: { source: people.csv, columns: { age: { type: integer }, late: { type: boolean, role: label } } }
models:
  champion:
    artifact: model.onnx
    input: { from: people, columns: [age] }
    outputs: { risk: { type: number } }
    decision: risk >= 0.5
clauses:
  adults: { says: Adults only., of: people, every: age >= 18 }
release:
  staging: { requires: [data] }
`

interface Body {
  readonly kind: string
  readonly environment?: string
  readonly open?: boolean
  readonly evidence?: Evidence
}

let folder: string
const records = (): readonly Body[] =>
  readFileSync(join(folder, '.plumb', 'ledger', '00000001.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly body: Body }).body)

beforeAll(() => {
  folder = scratch('clock')
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  writeFileSync(join(folder, 'people.csv'), 'age,late\n20,true\n30,false\n')
  writeFileSync(join(folder, 'now.txt'), '2031-05-06T07:08:09Z\n')
})

describe('--clock', () => {
  test('is the time of what is recorded, and is named there', () => {
    const ran = plumb(folder, '--clock', 'now.txt', 'test', '--stage', 'data', '--json')
    expect(ran.code, ran.err).toBe(0)
    expect(schemaJudge()('test', ran.json())).toEqual([])
    const simulated = records().flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence.run]))
    expect(simulated.length).toBeGreaterThan(3)
    for (const run of simulated) expect(run).toMatchObject({ at: '2031-05-06T07:08:09.000Z', clock: 'simulated' })
  })

  test('without it the time is real, and nothing is said', () => {
    const before = records().length
    expect(plumb(folder, 'test', '--stage', 'data').code).toBe(0)
    for (const { evidence } of records().slice(before)) {
      expect(Math.abs(Date.parse(evidence?.run.at ?? '') - Date.now())).toBeLessThan(60_000)
      expect(evidence?.run).not.toHaveProperty('clock')
    }
  })

  test.each([
    ['nowhere.txt', 'is not there'],
    ['people.csv', 'holds no RFC 3339 instant'],
    ['.', 'is no file'],
  ])('%s is refused: it %s', (file, problem) => {
    const ran = plumb(folder, 'check', '--clock', file, '--json')
    expect(ran.code).toBe(2)
    expect(schemaJudge()('failure', ran.json())).toEqual([])
    const { error } = ran.json<{ readonly error: { readonly code: string; readonly message: string } }>()
    expect(error.code).toBe('cli/no-clock')
    expect(error.message).toContain(problem)
  })
})

describe('gate --environment', () => {
  interface Decision {
    readonly open: boolean
    readonly environment: string
    readonly requires: readonly string[]
    readonly reasons: readonly { readonly code: string }[]
  }

  test('asks for what the environment requires, and says which in its record', () => {
    const staging = plumb(folder, 'gate', '--environment', 'staging', '--json')
    expect(staging.code, staging.err).toBe(0)
    expect(schemaJudge()('gate', staging.json())).toEqual([])
    expect(staging.json<Decision>()).toEqual({ open: true, environment: 'staging', requires: ['data'], reasons: [] })
    const production = plumb(folder, 'gate', '--json')
    expect(production.code).toBe(1)
    const decision = production.json<Decision>()
    expect(decision).toMatchObject({ open: false, environment: 'production', requires: ['data', 'model'] })
    expect(new Set(decision.reasons.map(({ code }) => code))).toEqual(new Set(['no-candidate']))
    const gates = records().filter(({ kind }) => kind === 'gate')
    expect(gates.map(({ environment, open }) => [environment, open])).toEqual([
      ['staging', true],
      ['production', false],
    ])
  })

  test('refuses another one', () => {
    const ran = plumb(folder, 'gate', '--environment', 'test', '--json')
    expect(ran.code).toBe(2)
    expect(schemaJudge()('failure', ran.json())).toEqual([])
  })
})
