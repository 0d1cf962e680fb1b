import {
  type Clause,
  type ComparisonResult,
  digestOf,
  type Evidence,
  type EventKind,
  instancesOf,
  makeEvidence,
  type Program,
  type Statement,
  type TermValue,
} from '@plumbline/core'
import type { EventEntry, GateEntry, PromotionEntry, ReportInput, RunEntry } from '../input.ts'
import { DAY_MS } from '../words/time.ts'
import { creditEvidence } from './credit.ts'
import { loopSpec } from './loop-spec.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

/** The first day of the sample: 1 January 2026. */
export const BEGIN = Date.UTC(2026, 0, 1)
/** The versions of the sample: the first, the one retrained on drift, the one refused. */
export const V1 = digestOf('champion')
export const V2 = digestOf('challenger')
export const REFUSED = digestOf('refused challenger')

/** What a statement is made of beside its place. */
type Found<V extends Statement['verdict'] = Statement['verdict']> = {
  readonly verdict: V
  readonly [more: string]: unknown
}

const RUN = {
  durationMs: 40,
  host: { os: 'linux', arch: 'x64', node: '24.21.0' },
  session: 'watch-1',
  clock: 'simulated',
} as const
const DRIFT = 7
const CONCEPT = 14
const BACK = 16
const COLUMNS = ['limit_bal', 'sex', 'education', 'age', 'pay_0', 'bill_amt1']
/** How far each column moves with the drift. */
const MOVES: Readonly<Record<string, number>> = { limit_bal: 0.55, bill_amt1: 0.38, pay_0: 0.24 }

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')
/** An instant of the sample: day 0 is 1 January. */
export const dayAt = (day: number): string => iso(Math.round(BEGIN + day * DAY_MS))

/** A number in [0, 1) that depends on its arguments alone. */
function noise(...of: readonly (number | string)[]): number {
  return Number.parseInt(digestOf(of).slice(7, 15), 16) / 2 ** 32
}

/** The version that answered on a day; on the days of a change both did. */
function versionsOn(day: number): readonly string[] {
  if (day < 9) return [V1]
  if (day === 9) return [V1, V2]
  if (day < BACK) return [V2]
  return day === BACK ? [V2, V1] : [V1]
}

/** The program of the sample; `more` are further clauses, as lines of YAML. */
export function loopProgram(more = ''): Program {
  return compiledSpec(loopSpec(more))
}

function windowEvidence(
  program: Program,
  id: string,
  day: number,
  version: string,
  found: Found,
  more: { readonly at?: number; readonly data?: string; readonly supersedes?: string; readonly slice?: string } = {},
): Evidence {
  const clause = program.clauses.find((each) => each.id === id)
  const target = clause?.of.find(({ stage }) => stage === 'runtime')
  if (clause === undefined || target === undefined) throw new Error(`no clause ${id} in production`)
  const statement = {
    clause: id,
    form: clause.form,
    stage: 'runtime',
    severity: clause.severity,
    relation: target.relation,
    slice: more.slice ?? 'all',
    window: `${dayAt(day)}/${dayAt(day + 1)}`,
    method: clause.form === 'every' ? 'scan' : 'interval',
    digests: {
      spec: program.spec.digest,
      clause: clause.digest,
      data: { [target.relation]: `snapshot:${digestOf([more.data ?? 'rows', day, version])}` },
      models: { champion: version },
      tool: '0.1.0',
    },
    ...(more.supersedes === undefined ? {} : { supersedes: more.supersedes }),
    ...found,
  } as unknown as Statement
  return makeEvidence(statement, { ...RUN, at: dayAt(more.at ?? day + 1.05) })
}

/** Whether what was loaded was read back as what it is: evidence of an instant, not of a window. */
function readBack(program: Program, day: number, version: string, held: boolean): Evidence {
  const found = { ...share(held ? 0 : 1, 1, 1), notes: ['The bytes loaded were downloaded and hashed.'] }
  const { statement, run } = windowEvidence(program, 'system.serving', day, version, found, { at: day })
  const { window: _, ...rest } = statement
  return makeEvidence(rest, run)
}

const COUNTS = { missing: 0, excluded: 0, unassigned_rows: 0 } as const

function share(failing: number, n: number, mostly: number): Found<'satisfied' | 'violated'> {
  const measured = (n - failing) / n
  return { verdict: measured >= mostly ? 'satisfied' : 'violated', n, failing, measured, witnesses: [], ...COUNTS }
}

function measuredMust(
  clause: Clause,
  left: number,
  half: number,
  bound: number,
  below: boolean,
  more: object = {},
): Found<ComparisonResult['verdict']> {
  const margin = below ? bound - left : left - bound
  const verdict = margin - half > 0 ? 'satisfied' : margin + half < 0 ? 'violated' : 'inconclusive'
  const expression =
    clause.form === 'must' || clause.form === 'always' ? (clause.must.comparisons[0]?.expression ?? '') : ''
  const interval = { low: margin - half, high: margin + half }
  const comparison = {
    expression,
    left,
    right: bound,
    margin: { value: margin, interval, level: 0.95, method: below ? 'bca' : 'delong-logit' },
    verdict,
  }
  return {
    verdict,
    ...(verdict === 'inconclusive' ? { reason: 'interval-straddles-bound' } : {}),
    n: 1100 + Math.round(200 * noise(left)),
    measured: left,
    terms: [],
    comparisons: [comparison],
    ...COUNTS,
    ...more,
  }
}

/** The area that the sample's `ranks-lately` measured on a day. */
function areaOn(day: number, version: string): number {
  const level = version === V1 ? (day < DRIFT ? 0.776 : day < CONCEPT ? 0.748 : 0.771) : day < CONCEPT ? 0.783 : 0.662
  return level + 0.012 * (noise('auc', day, version) - 0.5)
}

function psiTerms(day: number, version: string): readonly TermValue[] {
  const drifted = version === V1 && day >= DRIFT && day < BACK
  return COLUMNS.map((column) => {
    const value = (drifted ? (MOVES[column] ?? 0.02) : 0.008) * (0.9 + 0.2 * noise('psi', column, day))
    return {
      expression: `psi(${column}, accounts.train)`,
      value,
      missing: 0,
      interval: { low: value * 0.8, high: value * 1.25, level: 0.95, method: 'bca' },
    }
  })
}

/** Evidence of every clause of production on each of so many days. */
export function windowsOf(program: Program, days: number): readonly Evidence[] {
  const find = (id: string): Clause => {
    const clause = program.clauses.find((each) => each.id === id)
    if (clause === undefined) throw new Error(`no clause ${id}`)
    return clause
  }
  const contracts = program.clauses.filter(
    ({ origin, of }) => origin === 'contract' && of.some(({ relation }) => relation === 'requests'),
  )
  const others = program.clauses.filter(({ id }) => id.startsWith('more-'))
  const stable = find('population-stable')
  const ranks = find('ranks-lately')
  return Array.from({ length: days }, (_, day) =>
    versionsOn(day).flatMap((version) => {
      const drifted = day >= DRIFT
      const make = (id: string, found: Found, at?: number): Evidence =>
        windowEvidence(program, id, day, version, found, at === undefined ? {} : { at })
      const terms = psiTerms(day, version)
      const most = Math.max(...terms.map(({ value }) => Number(value)))
      const psi = measuredMust(stable, most, most * 0.2, 0.2, true, { terms })
      const pending = { ...psi, verdict: 'inconclusive', reason: 'pending', streak: 1 } as const
      const n = 1200 + Math.round(100 * noise('n', day))
      const labels = { labels: { arrived: Math.round(n * 0.95), of: n } }
      return [
        ...contracts.map(({ id }) => make(id, share(id === 'accounts.pay_0.range' && day === 11 ? 3 : 0, n, 1))),
        make(
          'bills-within-limit',
          share(Math.round(n * (drifted ? 0.11 : 0.004) * (0.8 + 0.4 * noise('bills', day))), n, 0.99),
        ),
        make('population-stable', psi.verdict === 'violated' && day === DRIFT ? pending : psi),
        make('ranks-lately', measuredMust(ranks, areaOn(day, version), 0.03, 0.74, false, labels), day + 2.05),
        ...others.map((clause, i) =>
          make(clause.id, measuredMust(clause, 50 + 4 * noise(i, day) + (day % 97 === i ? 12 : 0), 1.5, 60, true)),
        ),
      ]
    }),
  ).flat()
}

function event(day: number, kind: EventKind, subject: string, digest = '', detail?: EventEntry['detail']): EventEntry {
  return { at: dayAt(day), kind, subject, digest, clock: 'simulated', ...(detail === undefined ? {} : { detail }) }
}

/** What a staged version answered: everything as it should be, or one request that the guard let through. */
function stagedEvidence(program: Program, version: string, day: number, held: boolean): readonly Evidence[] {
  return instancesOf(program, ['release']).map(({ clause, relation }) => {
    const timed = clause.form === 'must'
    const failing = clause.id === 'release.guard' && !held ? 1 : 0
    const found = timed
      ? { ...measuredMust(clause, 7.58, 0.5, 50, true), notes: ['2000 requests of one row from 4 clients.'] }
      : share(failing, 600, 1)
    const statement = {
      clause: clause.id,
      form: clause.form,
      stage: 'release',
      severity: clause.severity,
      relation,
      slice: 'all',
      method: timed ? 'interval' : 'scan',
      digests: {
        spec: program.spec.digest,
        clause: clause.digest,
        data: {},
        models: { champion: version },
        tool: '0.1.0',
      },
      ...found,
    } as unknown as Statement
    return makeEvidence(statement, { ...RUN, session: `stage-${day}`, at: dayAt(day) })
  })
}

/** What happened in the sample, in the order of the ledger. */
export function loopEvents(drift: string, decay: string): readonly EventEntry[] {
  const alert = (
    day: number,
    kind: 'alert.sent' | 'alert.failed',
    subject: string,
    window: number,
    status = 'violated',
    more: EventEntry['detail'] = {},
  ): EventEntry =>
    event(day, kind, subject, V1, {
      status,
      slice: 'all',
      window: `${dayAt(window)}/${dayAt(window + 1)}`,
      name: 'webhook 1',
      receiver: 'r1',
      ...more,
    })
  const retrain = (
    day: number,
    word: string,
    cause: string,
    subject: string,
    digest = '',
    more: EventEntry['detail'] = {},
  ): EventEntry => event(day, `retrain.${word}` as EventKind, subject, digest, { cause, ...more })
  return [
    event(0.001, 'version.deployed', 'production', V1),
    event(0.002, 'guard.started', 'production', V1),
    ...Array.from({ length: 23 }, (_, day) =>
      event(day + 1.04, 'labels.arrived', 'data/outcomes.csv', digestOf(['labels', day])),
    ),
    alert(8.06, 'alert.sent', 'bills-within-limit', 7),
    alert(9.06, 'alert.failed', 'population-stable', 8, 'violated', { reason: 'no answer in 10 s', final: false }),
    alert(9.1, 'alert.sent', 'population-stable', 8),
    retrain(9.07, 'suspected', drift, 'population-stable', V1),
    retrain(9.08, 'decided', drift, 'population-stable', V1),
    retrain(9.1, 'trained', drift, 'population-stable', V2),
    retrain(9.11, 'validated', drift, 'population-stable', V2),
    retrain(9.115, 'staged', drift, 'population-stable', V2),
    retrain(9.12, 'promoted', drift, 'population-stable', V2),
    event(9.121, 'version.deployed', 'production', V2),
    retrain(9.122, 'verified', drift, 'population-stable', V2),
    alert(11.06, 'alert.sent', 'population-stable', 10, 'resolved'),
    event(12.3, 'guard.stopped', 'production', V2),
    event(12.9, 'guard.started', 'production', V2),
    alert(16.06, 'alert.sent', 'ranks-lately', 14),
    event(16.1, 'version.mismatch', 'production', V1),
    event(16.11, 'version.deployed', 'production', V1),
    event(16.12, 'version.rolled-back', 'champion', V1),
    retrain(17.2, 'suspected', decay, 'ranks-lately', V1),
    retrain(17.21, 'decided', decay, 'ranks-lately', V1),
    retrain(17.3, 'trained', decay, 'ranks-lately', REFUSED),
    retrain(17.32, 'refused', decay, 'ranks-lately', REFUSED, { reason: 'gate-closed' }),
  ]
}

function loopPromotions(decay: string): readonly PromotionEntry[] {
  const record = (seq: number) => ({ seq, digest: digestOf(`record ${seq}`) })
  const base = { model: 'champion', source: 'models/candidate.onnx' }
  const data = { accounts: { digest: `bytes:${digestOf('accounts')}` } }
  return [
    { ...base, digest: V1, promotedAt: dayAt(0), record: record(96), gate: record(95), data },
    { ...base, digest: V2, promotedAt: dayAt(9.12), record: record(640), gate: record(639), data },
    {
      ...base,
      digest: V1,
      promotedAt: dayAt(16.1),
      record: record(1210),
      gate: record(95),
      data,
      rollback: { reason: decay, from: V2 },
    },
  ]
}

function loopRuns(): readonly RunEntry[] {
  const run = (record: number, startedAt: string, made: string, window: string): RunEntry => ({
    record,
    status: 'finished',
    startedAt,
    stages: [
      {
        name: 'train',
        needs: [
          { path: 'data/accounts.parquet', digest: digestOf('accounts') },
          { path: 'data/window.parquet', digest: digestOf(window) },
          { path: 'train.js', digest: digestOf('train.js') },
        ],
        makes: [{ path: 'models/candidate.onnx', digest: made }],
      },
    ],
  })
  return [
    run(90, dayAt(-0.01), V1, 'fresh'),
    run(630, dayAt(9.09), V2, 'week 2'),
    run(1240, dayAt(17.25), REFUSED, 'week 3'),
  ]
}

function loopGates(): readonly GateEntry[] {
  return [
    { record: 95, open: true, candidate: V1, at: dayAt(-0.005), against: [], supporting: 31 },
    { record: 639, open: true, candidate: V2, at: dayAt(9.119), against: [], supporting: 33 },
    { record: 1250, open: false, candidate: REFUSED, at: dayAt(17.31), against: ['beats-yesterday'], supporting: 32 },
  ]
}

function latest(evidence: readonly Evidence[], clause: string, version: string, verdict: string): string {
  return (
    evidence.find(
      ({ statement }) =>
        statement.clause === clause &&
        statement.verdict === verdict &&
        statement.digests.models['champion'] === version,
    )?.id ?? ''
  )
}

/** A system that drifted, was retrained, promoted, decayed and was rolled back, over 24 days (or more, with more clauses). */
export function loopReport(size: { readonly days?: number; readonly more?: string } = {}): ReportInput {
  const program = loopProgram(size.more)
  const windows = windowsOf(program, size.days ?? 24)
  const drift = latest(windows, 'population-stable', V1, 'violated')
  const decay = latest(windows, 'ranks-lately', V2, 'violated')
  // Late rows: a day is decided again.
  const early = windows.find(
    ({ statement }) => statement.clause === 'bills-within-limit' && statement.window?.startsWith(dayAt(12)) === true,
  )
  const again = windowEvidence(
    program,
    'bills-within-limit',
    12,
    V2,
    { ...share(131, 1420, 0.99), late: 31 },
    { at: 14.5, data: 'with late rows', ...(early === undefined ? {} : { supersedes: early.id }) },
  )
  const answered = { ...COUNTS, n: 2, measured: null, obligations: [] }
  const system = [
    windowEvidence(program, 'drift-is-answered', 8, V1, {
      verdict: 'inconclusive',
      reason: 'pending',
      ...answered,
      obligations: [{ at: dayAt(9), deadline: dayAt(16), because: 'population-stable: violated', overdue: false }],
    } as never),
    windowEvidence(program, 'drift-is-answered', 9, V1, { verdict: 'satisfied', ...answered }),
    readBack(program, 0.001, V1, true),
    readBack(program, 9.121, V2, true),
    readBack(program, 16.1, V1, false),
    readBack(program, 16.11, V1, true),
  ]
  return {
    program,
    evidence: [
      ...creditEvidence(program),
      ...stagedEvidence(program, V1, -0.004, true),
      ...windows,
      ...stagedEvidence(program, V2, 9.114, true),
      ...stagedEvidence(program, REFUSED, 17.305, false),
      again,
      ...system,
    ],
    champion: V1,
    ledgerHead: { seq: 1312, digest: digestOf('head') },
    promotions: loopPromotions(decay),
    events: loopEvents(drift, decay),
    runs: loopRuns(),
    gates: loopGates(),
    generatedAt: dayAt(24.2),
    toolVersion: '0.1.0',
  }
}
