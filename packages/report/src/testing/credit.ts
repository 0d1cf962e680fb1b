import {
  type Clause,
  type ComparisonResult,
  decideGate,
  type Digests,
  digestOf,
  type Evidence,
  instancesOf,
  makeEvidence,
  type Program,
  type Statement,
  type TermValue,
} from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { SPEC } from './spec.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

/** Digests of the versions in the sample. */
export const CHAMPION = digestOf('champion')
export const CHALLENGER = digestOf('challenger')
export const REFUTED = digestOf('refuted')
const SCORECARD = digestOf('scorecard')
const DATA = `bytes:${digestOf('accounts')}`

/** The sample spec, compiled. */
export function creditProgram(): Program {
  return compiledSpec(SPEC)
}

type Found = { readonly verdict: Statement['verdict']; readonly [more: string]: unknown }

/** Evidence for one question of the sample spec. */
export function evidenceFor(
  program: Program,
  question: {
    readonly clause: string
    readonly slice?: string
    readonly relation?: string
    readonly model?: string
    readonly at?: string
  },
  found: Found,
): Evidence {
  const clause = program.clauses.find(({ id }) => id === question.clause)
  const target = clause?.of.find(({ relation }) => relation === (question.relation ?? relation))
  if (clause === undefined || target === undefined) throw new Error(`no clause ${question.clause}`)
  const statement = {
    clause: clause.id,
    form: clause.form,
    stage: target.stage,
    severity: clause.severity,
    relation: target.relation,
    slice: question.slice ?? 'all',
    method: clause.form === 'every' ? 'scan' : 'interval',
    digests: digestsOf(program, clause, question.model),
    ...(found.verdict === 'satisfied' || found.verdict === 'violated'
      ? { n: 30_000, measured: 1, missing: 0, excluded: 0, unassigned_rows: 0 }
      : {}),
    ...found,
  } as unknown as Statement
  return makeEvidence(statement, {
    at: question.at ?? '2026-11-22T14:00:00.000Z',
    durationMs: 12,
    host: { os: 'linux', arch: 'x64', node: '24.21.0' },
    session: `s-${question.at ?? '1'}`,
  })
}

function digestsOf(program: Program, clause: Clause, model: string | undefined): Digests {
  const compares = clause.models.includes('challenger')
  const digests: Record<string, string> = {}
  for (const role of clause.models) {
    if (role === 'scorecard') digests[role] = SCORECARD
    else if (model !== undefined) digests[role] = role === 'champion' && compares ? CHAMPION : model
  }
  return { spec: program.spec.digest, clause: clause.digest, data: { accounts: DATA }, models: digests, tool: '0.1.0' }
}

/** One comparison with the interval of its margin. */
export function compared(
  expression: string,
  left: number,
  right: number,
  margin: readonly [low: number, high: number] | undefined,
  verdict: ComparisonResult['verdict'],
  more: { readonly level?: number; readonly method?: string; readonly rowsNeeded?: number; readonly below?: true } = {},
): ComparisonResult {
  const value = more.below === true ? right - left : left - right
  return {
    expression,
    left,
    right,
    margin: {
      value,
      ...(margin === undefined
        ? {}
        : {
            interval: { low: margin[0], high: margin[1] },
            level: more.level ?? 0.95,
            method: more.method ?? 'delong-logit',
          }),
    },
    verdict,
    ...(more.rowsNeeded === undefined ? {} : { rowsNeeded: more.rowsNeeded }),
  }
}

const term = (expression: string, value: number, low?: number, high?: number): TermValue => ({
  expression,
  value,
  missing: 0,
  ...(low === undefined || high === undefined ? {} : { interval: { low, high, level: 0.95, method: 'delong-logit' } }),
})

/** Evidence about the data: contracts hold but one, one cannot be decided, the authored clauses hold. */
export function dataEvidence(program: Program): readonly Evidence[] {
  const contracts = instancesOf(program, ['data'])
    .filter(({ clause }) => clause.origin === 'contract')
    .map(({ clause }) => {
      if (clause.id === 'accounts.education.values') {
        const witnesses = [
          { row: 48, key: { id: 48 }, cells: { education: 5 }, because: 'false' },
          { row: 70, key: { id: 70 }, cells: { education: 5 }, because: 'false' },
          { row: 386, key: { id: 386 }, cells: { education: 0 }, because: 'false' },
          { row: 504, key: { id: 504 }, cells: { education: 6 }, because: 'false' },
          { row: 1000, key: { id: 1000 }, cells: { education: 6 }, because: 'false' },
          { row: 2013, key: { id: 2013 }, cells: { education: 5 }, because: 'false' },
        ]
        return evidenceFor(
          program,
          { clause: clause.id },
          { verdict: 'violated', failing: 345, measured: 0.9885, witnesses },
        )
      }
      if (clause.id === 'accounts.bill_amt1.type')
        return evidenceFor(
          program,
          { clause: clause.id },
          { verdict: 'error', reason: 'column-missing', cause: 'The data has no column `bill_amt1`.', method: 'none' },
        )
      return evidenceFor(program, { clause: clause.id }, { verdict: 'satisfied', failing: 0, witnesses: [] })
    })
  return [
    ...contracts,
    evidenceFor(
      program,
      { clause: 'enough-rows' },
      {
        verdict: 'satisfied',
        measured: null,
        method: 'exact',
        terms: [term('count()', 30_000), term('distinct(id)', 30_000)],
        comparisons: [
          compared('count() >= 20000', 30_000, 20_000, undefined, 'satisfied'),
          compared('distinct(id) == count()', 30_000, 30_000, undefined, 'satisfied'),
        ],
      },
    ),
    evidenceFor(
      program,
      { clause: 'train-test-alike' },
      {
        verdict: 'satisfied',
        n: 7529,
        measured: 0.0061,
        terms: ['limit_bal', 'sex', 'education', 'age', 'pay_0', 'bill_amt1'].map((c, i) =>
          term(`psi(${c}, accounts.train)`, 0.001 * (i + 1), 0.0005 * (i + 1), 0.002 * (i + 1)),
        ),
        comparisons: [
          compared('max_over(columns, psi(column, accounts.train)) < 0.1', 0.0061, 0.1, [0.0902, 0.0968], 'satisfied', {
            method: 'bca',
            below: true,
          }),
        ],
      },
    ),
    evidenceFor(
      program,
      { clause: 'bills-within-limit' },
      {
        verdict: 'violated',
        failing: 412,
        measured: 0.98627,
        witnesses: [
          { row: 12, key: { id: 12 }, cells: { bill_amt1: 261_000.5, limit_bal: 100_000 }, because: 'false' },
        ],
      },
    ),
  ]
}

const auc = (
  clause: string,
  left: number,
  bound: number,
  margin: readonly [number, number],
  verdict: ComparisonResult['verdict'],
  more: object = {},
): Found => ({
  verdict,
  n: 7529,
  measured: left,
  terms: [term('roc_auc()', left, bound + margin[0], bound + margin[1])],
  comparisons: [compared(`roc_auc() >= ${bound}`, left, bound, margin, verdict, more)],
  ...(verdict === 'inconclusive' ? { reason: 'interval-straddles-bound' } : {}),
})

/** Evidence about a version; the refuted one breaks both `forall` clauses, and ranks worse. */
export function modelEvidence(program: Program, model: string, at: string): readonly Evidence[] {
  const about = (clause: string, slice = 'all') => ({ clause, slice, model, at })
  const make = (clause: string, found: Found, slice = 'all'): Evidence =>
    evidenceFor(program, about(clause, slice), found)
  const refuted = model === REFUTED
  const shift = refuted ? -0.055 : model === CHALLENGER ? 0.006 : 0
  const contracts = ['champion.risk.required', 'champion.risk.range'].map((id) =>
    make(id, { verdict: 'satisfied', failing: 0, witnesses: [] }),
  )
  const education = [
    ['education=1', 0.781, [0.052, 0.111], 'satisfied', { level: 0.9833 }],
    ['education=2', 0.769, [0.043, 0.095], 'satisfied', { level: 0.9875 }],
    ['education=3', 0.742, [0.0021, 0.0812], 'satisfied', { level: 0.975 }],
    ['education=4', 0.69, [-0.21, 0.19], 'inconclusive', { rowsNeeded: 1900 }],
  ] as const
  return [
    ...contracts,
    make(
      'ranks-well',
      auc('ranks-well', 0.7745 + shift, 0.74, [0.0171 + shift, 0.0519 + shift], refuted ? 'violated' : 'satisfied'),
    ),
    ...education.map(([slice, left, margin, verdict, more]) =>
      make(
        'ranks-well-by-education',
        { ...auc('ranks-well-by-education', left, 0.7, margin, verdict, more), n: slice === 'education=4' ? 31 : 2300 },
        slice,
      ),
    ),
    make(
      'ranks-young-very-well',
      { ...auc('ranks-young-very-well', 0.7613, 0.75, [-0.031, 0.0536], 'inconclusive', { rowsNeeded: 9400 }), n: 668 },
      'young',
    ),
    make('finds-defaulters', {
      verdict: 'satisfied',
      n: 7529,
      measured: null,
      terms: [
        term('average_precision()', 0.534, 0.507, 0.561),
        term('recall()', 0.364, 0.341, 0.388),
        term('brier()', 0.1343, 0.1301, 0.1387),
      ],
      comparisons: [
        compared('average_precision() >= 0.48', 0.534, 0.48, [0.027, 0.081], 'satisfied', {
          level: 0.9833,
          method: 'bca',
        }),
        compared('recall() >= 0.32', 0.364, 0.32, [0.021, 0.068], 'satisfied', { level: 0.9833, method: 'wilson' }),
        compared('brier() <= 0.145', 0.1343, 0.145, [0.0063, 0.0149], 'satisfied', {
          level: 0.9833,
          method: 'bca',
          below: true,
        }),
      ],
    }),
    make('better-than-scorecard', {
      verdict: 'satisfied',
      n: 7529,
      measured: 0.7745,
      terms: [term('roc_auc()', 0.7745, 0.757, 0.792), term('roc_auc(scorecard)', 0.7213, 0.702, 0.741)],
      comparisons: [
        compared('roc_auc() >= roc_auc(scorecard) + 0.005', 0.7745, 0.7263, [0.036, 0.0604], 'satisfied', {
          method: 'delong-paired',
        }),
      ],
    }),
    make('equal-opportunity', {
      verdict: 'satisfied',
      n: 7529,
      measured: 0.947,
      terms: [
        term('recall() where sex == 1', 0.376, 0.34, 0.412),
        term('recall() where sex == 2', 0.356, 0.325, 0.387),
      ],
      comparisons: [
        compared('ratio_across(sex, recall()) >= 0.75', 0.947, 0.75, [0.103, 0.247], 'satisfied', {
          method: 'bca',
        }),
      ],
    }),
    model === CHAMPION
      ? make('beats-yesterday', { verdict: 'skipped', reason: 'no-champion', method: 'none' })
      : make('beats-yesterday', {
          verdict: refuted ? 'inconclusive' : 'satisfied',
          ...(refuted ? { reason: 'interval-straddles-bound' } : {}),
          n: 7529,
          measured: 0.78,
          terms: [
            term('roc_auc()', 0.7745 + shift, 0.757 + shift, 0.792 + shift),
            term('roc_auc(champion)', 0.7745, 0.757, 0.792),
          ],
          comparisons: [
            compared(
              'roc_auc() >= roc_auc(champion) - 0.005',
              0.7745 + shift,
              0.7695,
              refuted ? [-0.1014, 0.0014] : [0.0081, 0.0139],
              refuted ? 'inconclusive' : 'satisfied',
              { method: 'delong-paired', ...(refuted ? { rowsNeeded: 8200 } : {}) },
            ),
          ],
        }),
    make(
      'later-payment-never-helps',
      refuted
        ? lowered
        : proved('monotone-trees', ['all 100 trees are monotone in pay_0', 'Sigmoid and Cast are monotone']),
    ),
    make(
      'sex-does-not-decide',
      refuted
        ? decides
        : model === CHALLENGER
          ? searched
          : proved('no-path', ['no split reads sex, on any path to the output']),
    ),
  ]
}

const proved = (method: string, notes: readonly string[]): Found => ({
  verdict: 'satisfied',
  method: `proof:${method}`,
  n: 0,
  measured: null,
  proof: { method, notes },
  tried: 0,
  discarded: 0,
})
const searched: Found = {
  verdict: 'inconclusive',
  reason: 'not-proved',
  cause: 'Gemm "scores": its weights are not constants',
  method: 'falsification',
  n: 20_000,
  tried: 20_000,
  discarded: 311,
  upper_bound: { value: 0.000_149_8, level: 0.95 },
}
const X = { limit_bal: 50_000, sex: 2, education: 2, age: 34, pay_0: 1, bill_amt1: 12_000 }
const lowered: Found = {
  verdict: 'violated',
  method: 'falsification',
  n: 214,
  measured: null,
  tried: 214,
  discarded: 9,
  counterexample: {
    bindings: { x: X },
    answers: [
      { expression: 'champion(y)', value: { risk: 0.3127164840698242, decision: false } },
      { expression: 'champion(x)', value: { risk: 0.3391028642654419, decision: false } },
    ],
    shrinkSteps: 23,
  },
}
const decides: Found = {
  verdict: 'violated',
  method: 'falsification',
  n: 57,
  measured: null,
  tried: 57,
  discarded: 0,
  counterexample: {
    bindings: { x: { ...X, pay_0: 2 }, s: 1 },
    answers: [
      { expression: 'champion(x)', value: { risk: 0.48911887407302856, decision: false } },
      { expression: 'champion(y)', value: { risk: 0.5129830241203308, decision: true } },
    ],
    shrinkSteps: 11,
  },
}

const scorecardEvidence = (program: Program): readonly Evidence[] =>
  ['scorecard.risk.required', 'scorecard.risk.range'].map((clause) =>
    evidenceFor(program, { clause }, { verdict: 'satisfied', failing: 0, witnesses: [] }),
  )

/** All evidence of the sample, oldest first: the first candidate, the refuted one, the challenger. */
export function creditEvidence(program: Program): readonly Evidence[] {
  return [
    ...dataEvidence(program),
    ...scorecardEvidence(program),
    ...modelEvidence(program, CHAMPION, '2026-11-22T14:01:00.000Z'),
    ...modelEvidence(program, CHALLENGER, '2026-11-22T14:05:00.000Z'),
    ...modelEvidence(program, REFUTED, '2026-11-22T14:09:00.000Z'),
  ]
}

/** Everything a report can show, with the gate closed on the refuted version. */
export function creditReport(): ReportInput {
  const program = creditProgram()
  const evidence = creditEvidence(program)
  const gate = decideGate(program, evidence, {
    versions: { candidate: REFUTED, production: CHAMPION, others: { scorecard: SCORECARD } },
    data: { accounts: DATA },
    stages: ['data', 'model'],
  })
  return {
    program,
    evidence,
    gate,
    candidate: REFUTED,
    ledgerHead: { seq: 212, digest: digestOf('head') },
    promotions: [
      {
        model: 'champion',
        digest: CHAMPION,
        promotedAt: '2026-11-22T14:02:30.000Z',
        source: 'models/candidate.onnx',
        record: { seq: 96, digest: digestOf('promotion') },
      },
    ],
    pictures: creditPictures(),
    generatedAt: '2026-11-22T14:10:00.000Z',
    toolVersion: '0.1.0',
  }
}

function creditPictures(): NonNullable<ReportInput['pictures']> {
  const bell = (count: number, peak: number, width: number, unit: number) =>
    Array.from({ length: count }, (_, i) => ({
      label: String(18 + i * unit),
      count: Math.round(4000 * Math.exp(-(((i - peak) / width) ** 2))),
      before: Math.round(12_000 * Math.exp(-(((i - peak - 1) / width) ** 2))),
    }))
  return [
    {
      relation: 'accounts',
      now: { label: 'test', rows: 7500 },
      before: { label: 'train', rows: 22_500 },
      columns: [
        {
          column: 'age',
          now: { missing: 120, summary: { mean: 35.5, deviation: 9.2, five: [21, 28, 34, 41, 79] } },
          before: { missing: 20, summary: { mean: 36.1, deviation: 9.1, five: [21, 28, 35, 42, 75] } },
          bins: bell(20, 5, 6, 4),
          moved: 0.124,
        },
        {
          column: 'limit_bal',
          now: { missing: 0 },
          before: { missing: 0 },
          bins: bell(30, 2, 9, 33_000),
          moved: 0.031,
        },
        {
          column: 'sex',
          now: { missing: 0 },
          before: { missing: 0 },
          bins: [
            { label: '1 male', count: 2888, before: 9000 },
            { label: '2 female', count: 4612, before: 13_500 },
          ],
          moved: 0.015,
        },
      ],
      correlations: {
        columns: ['age', 'limit_bal'],
        r: [
          [1, -0.62],
          [-0.62, 1],
        ],
      },
      gaps: [
        { columns: [], rows: 7380 },
        { columns: ['age'], rows: 120 },
      ],
    },
  ]
}
