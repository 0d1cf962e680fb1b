import {
  digestOf,
  type Evidence,
  makeEvidence,
  type Program,
  type ProgramMonitor,
  type Statement,
} from '@plumbline/core'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

const SPEC = `plumbline: 1
system: { name: credit, version: 1.2.0 }
data:
  accounts:
    source: data/accounts.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: accounts, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
  stable: { says: People stay as old as they are., of: requests, must: "mean(age) < 50.0" }
  ranks: { says: It ranks., of: requests, must: "roc_auc() >= 0.7", severity: warn }
`

/** A program with two clauses on requests: `stable` (blocks) and `ranks` (warns, needs labels). */
export function runtimeProgram(monitor: Partial<ProgramMonitor> = {}, spec = SPEC): Program {
  const value = compiledSpec(spec)
  return {
    ...value,
    monitor: { windows: [86_400_000_000], lateness: 0, minRows: 0, alerts: [], ...monitor },
  }
}

/** A digest made of a name. */
export const digestFor = (name: string): `sha256:${string}` => digestOf({ name })

/** What differs between two pieces of evidence of a test. */
export interface EvidenceParts {
  readonly verdict?: 'satisfied' | 'violated' | 'inconclusive'
  readonly clause?: string
  readonly slice?: string
  readonly model?: string | null
  /** Days since 2026-01-01 of the window's beginning. */
  readonly day?: number
  readonly data?: string
  readonly supersedes?: string
}

const DAY_MS = 86_400_000
const BEGIN = Date.UTC(2026, 0, 1)
const text = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

/** Evidence about one day of requests. */
export function dayEvidence(parts: EvidenceParts = {}): Evidence {
  const {
    verdict = 'violated',
    clause = 'stable',
    slice = 'all',
    model = 'a',
    day = 0,
    data = 'rows',
    supersedes,
  } = parts
  const from = BEGIN + day * DAY_MS
  const base = {
    clause,
    form: 'must',
    stage: 'runtime',
    severity: clause === 'ranks' ? 'warn' : 'block',
    relation: 'requests',
    slice,
    window: `${text(from)}/${text(from + DAY_MS)}`,
    method: 'interval',
    digests: {
      spec: digestFor('spec'),
      clause: digestFor(clause),
      data: { requests: `snapshot:${digestFor(`${data} ${day} ${model}`)}` },
      models: model === null ? {} : { champion: digestFor(model) },
      tool: '0',
    },
    ...(supersedes === undefined ? {} : { supersedes }),
  } as const
  const counts = { n: 100, measured: 41.5, missing: 0, excluded: 0, unassigned_rows: 0, terms: [], comparisons: [] }
  const statement: Statement =
    verdict === 'inconclusive'
      ? { ...base, verdict, reason: 'interval-straddles-bound', ...counts }
      : { ...base, verdict, ...counts }
  return makeEvidence(statement, {
    at: text(from + DAY_MS),
    durationMs: 1,
    host: { os: 'linux', arch: 'x64', node: '24' },
    session: 's',
  })
}
