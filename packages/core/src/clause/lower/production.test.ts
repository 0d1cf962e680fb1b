import { describe, expect, it } from 'vitest'
import type { Program } from '../program.ts'
import { compiledSpec } from '../../testing/compiled-spec.ts'

const HOUR = 3_600_000_000
const DAY = 24 * HOUR

const BASE = `plumbline: 1
system: { name: production, version: 1.0.0 }
data:
  accounts:
    source: accounts.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [18, 100] }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: model.onnx
    input: { from: accounts, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  ranks: { says: It ranks., of: [champion, requests], must: roc_auc() >= 0.7 }
`

const STAGES = `  stages:
    fetch: { run: node fetch.js, makes: [accounts.csv] }
    learn: { run: node learn.js, needs: [accounts.csv, fresh.csv], makes: [models/next.onnx] }
`

function programOf(text: string): Program {
  return compiledSpec(BASE + text)
}

describe('what acts on production', () => {
  it('is nothing but the usual requirements where the spec says nothing of it', () => {
    const program = programOf('')
    expect(program.monitor).toBeUndefined()
    expect(program.retrain).toBeUndefined()
    const usual = { requires: ['data', 'model'], rollback: [] }
    expect(program.release).toEqual({ staging: usual, production: usual })
  })

  it('has its defaults in place', () => {
    expect(programOf('monitor: {}\n').monitor).toEqual({ windows: [DAY], lateness: 0, minRows: 1, alerts: [] })
    const { retrain } = programOf(`pipeline:\n  candidate: models/next.onnx\n${STAGES}  retrain: {}\n`)
    expect(retrain).toEqual({
      when: [],
      newData: false,
      cooldown: 0,
      stages: ['fetch', 'learn'],
      candidate: 'models/next.onnx',
    })
  })

  it('is read as written, in microseconds', () => {
    const program = programOf(`monitor:
  windows: [1h, 1d, 60m]
  lateness: 30m
  min_rows: 500
  labels: { source: outcomes.parquet, join: id, within: 45d, min_share: 80% }
  alerts:
    - stdout
    - { webhook: "\${ALERT_URL}", severity: block, when: [ranks, champion.risk.range] }
    - { alertmanager: "http://localhost:9093" }
pipeline:
  candidate: models/next.onnx
${STAGES}  retrain:
    when: [ranks, accounts.age.range, new-data, { schedule: 30d }]
    cooldown: 1d
    budget: 4/month
    stages: [learn]
    window: fresh.csv
release:
  staging: { requires: [data] }
  production: { requires: [model, data, model], rollback: { when: [ranks] } }
`)
    expect(program.monitor).toEqual({
      windows: [HOUR, DAY],
      lateness: HOUR / 2,
      minRows: 500,
      labels: { source: 'outcomes.parquet', join: ['id'], within: 45 * DAY, minShare: '0.8' },
      alerts: [
        { kind: 'stdout' },
        { kind: 'webhook', url: '${ALERT_URL}', severity: 'block', when: ['ranks', 'champion.risk.range'] },
        { kind: 'alertmanager', url: 'http://localhost:9093' },
      ],
    })
    expect(program.retrain).toEqual({
      when: ['ranks', 'accounts.age.range'],
      newData: true,
      schedule: 30 * DAY,
      cooldown: DAY,
      budget: { count: 4, per: 30 * DAY },
      stages: ['learn'],
      candidate: 'models/next.onnx',
      window: 'fresh.csv',
    })
    expect(program.release).toEqual({
      staging: { requires: ['data'], rollback: [] },
      production: { requires: ['model', 'data'], rollback: ['ranks'] },
    })
    expect(program.unenforced).toEqual([])
  })

  it('makes no evidence stale: what is required beside it changes what no clause asks', () => {
    const digests = (text: string): readonly (readonly [string, string])[] =>
      programOf(text)
        .clauses.filter(({ origin }) => origin !== 'built-in')
        .map(({ id, digest }) => [id, digest])
    expect(digests('monitor: { windows: [1h] }\n')).toEqual(digests(''))
    expect(digests('release: { production: { requires: [data, model, release] } }\n')).toEqual(digests(''))
  })
})

describe('what is asked of a release', () => {
  const REQUIRED = 'release: { staging: { requires: [data, model, release] } }\n'
  const budget = (text: string): string => `guard: { budget: { added_latency_p99: ${text} } }\n`
  const ofRelease = (text: string): readonly string[] =>
    programOf(text)
      .clauses.filter(({ of }) => of.some(({ stage }) => stage === 'release'))
      .map(({ id }) => id)

  it('is nothing unless an environment requires it', () => {
    expect(ofRelease(budget('5ms'))).toEqual([])
  })

  it('is what is asked of each request, and the built-in clauses; a latency where there is a budget', () => {
    const real = ['accounts.age.required', 'accounts.age.type', 'accounts.age.range']
    const answers = ['champion.risk.required', 'champion.risk.range']
    const builtIn = ['release.contract', 'release.parity', 'release.guard']
    expect(ofRelease(REQUIRED)).toEqual([...real, ...answers, ...builtIn])
    expect(ofRelease(REQUIRED + budget('5ms'))).toEqual([...real, ...answers, ...builtIn, 'release.latency'])
  })

  it.each([
    ['50ms', '50.0'],
    ['1500us', '1.5'],
    ['1us', '0.001'],
    ['2s', '2000.0'],
  ])('a budget of %s is %s milliseconds', (written, expected) => {
    const found = programOf(REQUIRED + budget(written)).clauses.find(({ id }) => id === 'release.latency')
    expect(found).toMatchObject({ form: 'must', text: `latency_ms(0.99) <= ${expected}`, severity: 'block' })
  })

  it('is another question behind another guard', () => {
    const digest = (text: string, id = 'release.guard'): string | undefined =>
      programOf(text).clauses.find((clause) => clause.id === id)?.digest
    const plain = digest(REQUIRED)
    expect(plain).toMatch(/^sha256:/)
    expect(digest(REQUIRED)).toBe(plain)
    expect(digest(`${REQUIRED}guard: { input: { on_violation: flag } }\n`)).not.toBe(plain)
    expect(digest(`  grown: { says: Adults., of: requests, every: age >= 18 }\n${REQUIRED}`)).not.toBe(plain)
    const warned = `  grown: { says: Adults., of: requests, every: age >= 18, severity: warn }\n${REQUIRED}`
    expect(digest(warned)).not.toBe(digest(warned.replace(', severity: warn', '')))
    expect(digest(`  few: { says: Few., of: accounts, must: count() > 1 }\n${REQUIRED}`)).toBe(plain)
  })
})

describe('what is read back', () => {
  const serving = (text: string): boolean => programOf(text).clauses.some(({ id }) => id === 'system.serving')
  it('is asked about where something is served', () => {
    expect([serving(''), serving('guard: {}\n'), serving('monitor: {}\n')]).toEqual([false, true, true])
  })
  it('can bring the version before back', () => {
    expect(programOf('release: { production: { rollback: { when: system.serving } } }\n').release.production).toEqual({
      requires: ['data', 'model'],
      rollback: ['system.serving'],
    })
  })
})
