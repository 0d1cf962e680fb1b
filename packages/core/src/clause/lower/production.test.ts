import { describe, expect, it } from 'vitest'
import { compile } from '../../compile.ts'
import type { Program } from '../program.ts'

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
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text: BASE + text }, others: [] })
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return value
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

  it('changes no clause', () => {
    const digests = (text: string): readonly string[] => programOf(text).clauses.map(({ digest }) => digest)
    expect(digests('monitor: { windows: [1h] }\n')).toEqual(digests(''))
  })
})
