import { describe, expect, it } from 'vitest'
import { compareSpecs } from './compare-specs.ts'
import { programOf } from './testing/program.ts'

// Pairs of specs with a known relation: each way of asking less that a reader of the YAML may overlook.

const SPEC = `plumbline: 1
system: { name: credit, version: 1.2.0, risk: high, frameworks: [eu-ai-act], owners: [{ name: Ann, contact: ann@x.org }] }
params: { floor: 0.7, adult: { type: integer, default: 18 } }
requirements: { R-1: { says: Rank. } }
data:
  people:
    source: people.csv
    key: [id]
    time: seen
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, unit: year, range: [18, 100] }
      income: { type: number, range: [0, 1000000], mostly: 99% }
      tenure: { type: number, range: [0, 50], optional: true }
      sex: { type: category, values: [1, 2], protected: true }
      region: { type: category, values: [n, s, w] }
      part: { type: category, values: [train, test], role: split }
      seen: { type: timestamp }
      default: { type: boolean, role: label }
  easy:
    source: easy.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, unit: year, range: [18, 100] }
      income: { type: number, range: [0, 1000000] }
      tenure: { type: number, range: [0, 50], optional: true }
      sex: { type: category, values: [1, 2], protected: true }
      region: { type: category, values: [n, s, w] }
      part: { type: category, values: [train, test], role: split }
      default: { type: boolean, role: label }
slices: { young: age < 30, rich: income > 1000.0 }
models:
  champion:
    artifact: a.onnx
    task: binary-classification
    input: { from: people, columns: [age, income, sex] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
  scorecard: { artifact: b.onnx, like: champion }
clauses:
  adults: { says: Adults., of: people, every: age >= adult }
  tenured: { says: T., of: people, every: tenure >= 1.0, mostly: 95%, missing: pass }
  tenured2: { says: T., of: people, every: tenure >= 2.0, mostly: 95%, missing: exclude }
  tenured3: { says: T., of: people, every: tenure >= 3.0 }
  eq: { says: E., of: people.test, every: 'income > 5.0', slices: [young] }
  ranks: { says: It ranks., of: champion.test, must: roc_auc() >= floor, slices: [all, young], confidence: 95%, meets: [R-1] }
  regions: { says: It ranks., of: champion.test, must: roc_auc() >= 0.6, slices: [by region] }
  alike: { says: Alike., of: people.test, must: "max_over(columns, psi(column, people.train)) < 0.1" }
  meanage: { says: M., of: people, must: "mean(age) >= 30.0 && mean(age) <= 50.0", sample: true }
  fair: { says: Fair., of: champion.test, must: "ratio_across(sex, recall()) >= 0.8" }
  fairgap: { says: Fair., of: champion.test, must: "gap_across(region, recall()) <= 0.2" }
  beats: { says: Beats., of: champion.test, must: "roc_auc() >= roc_auc(scorecard) + 0.01" }
  fresh: { says: F., of: people, must: "count() >= 1000 && null_share(tenure) <= 0.5" }
  noleak: { says: L., of: people, must: "overlap(people.train, people.test, id) == 0" }
  clustered: { says: C., of: champion.test, must: accuracy() >= 0.6, cluster: region }
  monotone:
    says: Older is never riskier.
    of: champion
    forall: { x: people }
    assume: x.income >= 10.0
    let: { y: "x.with({'age': x.age + 1})" }
    holds: champion(y).risk <= champion(x).risk
  nearby: { says: N., of: champion, forall: { x: "people.test.rows" }, holds: champion(x).risk <= 0.99 }
  share: { says: N., of: champion, forall: { x: people }, holds: champion(x).risk <= 0.9, mostly: 99%, over: uniform }
  reqs: { says: R., of: requests, every: age >= 18 }
  steady: { says: Steady., of: requests, always: "psi(age, people.train) < 0.2", window: 1d, for: 2 }
  answered: { says: Answered., of: system, whenever: violated("steady"), then: kind == "retrain.decided", within: 7d }
hazards: { H-1: { says: H., severity: major, controls: [fair] } }
guard:
  input: { on_violation: reject }
  output: { on_violation: fallback }
  on_failure: closed
  fallback: { value: { risk: 0.5 } }
  budget: { added_latency_p99: 50ms }
monitor: { windows: [1d], min_rows: 500, lateness: 1h, labels: { source: labels.csv, join: id, within: 45d, min_share: 80% }, alerts: [{ webhook: "https://a" }] }
pipeline:
  candidate: c.onnx
  stages: { train: { run: node t.js, needs: [people.csv], makes: [c.onnx], params: { depth: 6 } } }
  retrain: { when: [steady, schedule: 30d], cooldown: 1d, budget: 4/month }
release:
  production: { requires: [data, model, release], rollback: { when: [steady] } }
`

const old = programOf(SPEC)

/** `kind id` of all that is not as it was, sorted. */
function said(after: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  return compareSpecs(old, programOf(after, others))
    .changes.filter(({ kind }) => kind !== 'unchanged')
    .map(({ kind, id, coveredBy }) => `${kind} ${id}${coveredBy === undefined ? '' : ` (${coveredBy.join(', ')})`}`)
    .toSorted()
}

function replaced(replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The spec has no ${from}`)
    return text.replace(from, () => to)
  }, SPEC)
}

type Pair = readonly [name: string, replacements: Readonly<Record<string, string>>, said: readonly string[]]

const PAIRS: readonly Pair[] = [
  ['a parameter that a bound reads', { 'floor: 0.7': 'floor: 0.6' }, ['weakened ranks']],
  ['the default of a typed parameter', { 'default: 18': 'default: 16' }, ['weakened adults']],
  [
    'a share of rows that may be left out instead of failing',
    { 'mostly: 95%, missing: exclude': 'mostly: 95%, missing: pass' },
    ['weakened tenured2'],
  ],
  [
    'rows left out where they counted as passing',
    { 'mostly: 95%, missing: pass': 'mostly: 95%, missing: exclude' },
    ['strengthened tenured'],
  ],
  [
    'missing cells that no longer fail',
    { 'every: tenure >= 3.0': 'every: tenure >= 3.0, missing: exclude' },
    ['weakened tenured3'],
  ],
  [
    'missing cells let through by the condition',
    { 'every: tenure >= 3.0': 'every: tenure == null || tenure >= 3.0' },
    ['weakened tenured3'],
  ],
  [
    'a slice of fewer rows, for each row and for a metric',
    { 'young: age < 30': 'young: age < 25' },
    ['incomparable ranks', 'weakened eq'],
  ],
  [
    'a confidence where the default was meant',
    { 'must: roc_auc() >= 0.6, slices': 'confidence: 80%, must: roc_auc() >= 0.6, slices' },
    ['weakened regions'],
  ],
  ['a sample that becomes a description', { ', sample: true': '' }, ['weakened meanage']],
  [
    'lines of a file that are left out where they were refused',
    { 'source: easy.csv': 'source: { path: easy.csv, ragged: skip }' },
    expect.arrayContaining(['incomparable easy.key', 'incomparable easy.age.range']) as readonly string[],
  ],
  [
    'another thing that answers',
    { 'artifact: b.onnx, like: champion': 'artifact: { command: [python, b.py] }, like: champion' },
    ['incomparable models.scorecard'],
  ],
  ['rows that are drawn one by one', { ', cluster: region': '' }, ['incomparable clustered']],
  [
    'a value less of a category that is sliced by and spread over',
    { 'region: { type: category, values: [n, s, w] }': 'region: { type: category, values: [n, s] }' },
    ['incomparable alike', 'strengthened people.region.values', 'weakened fairgap', 'weakened regions'],
  ],
  [
    'a value more of a category',
    { 'values: [1, 2], protected': 'values: [1, 2, 3], protected' },
    [
      'incomparable alike',
      'incomparable share',
      'strengthened fair',
      'strengthened monotone',
      'weakened people.sex.values',
    ],
  ],
  [
    'a column that takes no part in what is asked of all columns',
    {
      'income: { type: number, range: [0, 1000000], mostly: 99% }':
        'income: { type: number, range: [0, 1000000], mostly: 99%, role: split }',
    },
    ['weakened alike'],
  ],
  [
    'a unit',
    { 'age: { type: integer, unit: year': 'age: { type: integer, unit: month' },
    ['incomparable data.people.age'],
  ],
  [
    'a protected column that is none any more',
    { 'values: [1, 2], protected: true': 'values: [1, 2]' },
    ['weakened data.people.sex'],
  ],
  ['the column of time', { '    time: seen\n': '' }, ['incomparable data.people.time']],
  [
    'another file of the same rows, it is said',
    { 'source: people.csv': 'source: people-clean.csv' },
    ['incomparable data.people.source'],
  ],
  [
    'a bound on what a model answers',
    { 'holds: champion(x).risk <= 0.99': 'holds: champion(x).risk <= 0.999' },
    ['weakened nearby'],
  ],
  [
    'a tolerance',
    { 'champion(y).risk <= champion(x).risk': 'champion(y).risk <= champion(x).risk + 0.1' },
    ['weakened monotone'],
  ],
  [
    'one more assumption',
    { 'assume: x.income >= 10.0': 'assume: x.income >= 10.0 && x.age > 50' },
    ['weakened monotone'],
  ],
  ['a step that moves nothing', { 'x.age + 1': 'x.age + 0' }, ['incomparable monotone']],
  ['other rows around which nothing may happen', { 'people.test.rows': 'people.train.rows' }, ['incomparable nearby']],
  ['a share of all inputs', { 'mostly: 99%, over: uniform': 'mostly: 90%, over: uniform' }, ['weakened share']],
  ['another model', { 'holds: champion(x).risk <= 0.99': 'holds: scorecard(x).risk <= 0.99' }, ['incomparable nearby']],
  ['a margin over another model', { '+ 0.01': '- 0.01' }, ['weakened beats']],
  ['a comparison with itself', { 'roc_auc(scorecard) + 0.01': 'roc_auc() - 0.01' }, ['incomparable beats']],
  ['and that becomes or', { '30.0 && mean': '30.0 || mean' }, ['weakened meanage']],
  ['none that becomes a few', { 'people.test, id) == 0': 'people.test, id) <= 3' }, ['weakened noleak']],
  [
    'a leak looked for elsewhere',
    { 'overlap(people.train, people.test, id)': 'overlap(people.train, easy.test, id)' },
    ['incomparable noleak'],
  ],
  ['another statistic', { 'mean(age) >= 30.0': 'median(age) >= 30.0' }, ['incomparable meanage']],
  ['a spread over another column', { 'gap_across(region,': 'gap_across(sex,' }, ['incomparable fairgap']],
  [
    'a decision that is taken otherwise',
    { 'decision: risk >= 0.5': 'decision: risk > 0.5' },
    ['incomparable clustered', 'incomparable fair', 'incomparable fairgap'],
  ],
  [
    'the range of an output',
    { 'risk: { type: number, range: [0, 1] }': 'risk: { type: number, range: [0, 2] }' },
    ['weakened champion.risk.range', 'weakened scorecard.risk.range'],
  ],
  [
    'another number of the answer',
    {
      'risk: { type: number, range: [0, 1] }': 'risk: { type: number, range: [0, 1], tensor: probabilities, index: 0 }',
    },
    ['incomparable models.champion.outputs', 'incomparable models.scorecard.outputs'],
  ],
  [
    'a clause that an empty relation satisfies',
    { 'must: accuracy() >= 0.6': 'allow_empty: true, must: accuracy() >= 0.6' },
    ['weakened clustered'],
  ],
  [
    'a clause that a report of another tool answers',
    { 'must: accuracy() >= 0.6': 'accepts: [junit], must: accuracy() >= 0.6' },
    ['weakened clustered'],
  ],
  [
    'a clause that only warns in production',
    { 'window: 1d, for: 2': 'window: 1d, for: 2, severity: warn' },
    ['weakened steady'],
  ],
  ['longer windows', { 'window: 1d, for: 2': 'window: 7d, for: 2' }, ['incomparable steady']],
  ['another trigger', { 'whenever: violated("steady")': 'whenever: violated("reqs")' }, ['incomparable answered']],
  [
    'less grave contracts of a dataset',
    { 'source: people.csv': 'source: people.csv\n    severity: warn' },
    ['weakened people.key', 'weakened people.splits'],
  ],
  ['a wider key', { 'key: [id]\n    time': 'key: [id, age]\n    time' }, ['weakened alike', 'weakened people.key']],
  [
    'a new name and a condition more that lets rows through',
    {
      'adults: { says: Adults., of: people, every: age >= adult }':
        'grown: { says: Adults., of: people, every: age >= adult || income > 10.0 }',
    },
    ['added grown', 'removed adults'],
  ],
  [
    'a new name that only warns',
    {
      'adults: { says: Adults., of: people, every: age >= adult }':
        'grown: { says: Adults., of: people, every: age >= adult, severity: warn }',
    },
    ['added grown', 'removed adults'],
  ],
  [
    'a new name, of a slice',
    {
      'adults: { says: Adults., of: people, every: age >= adult }':
        'grown: { says: Adults., of: people, every: age >= adult, slices: [rich] }',
    },
    ['added grown', 'removed adults'],
  ],
  [
    'a new name and the same question',
    { 'ranks: { says': 'ranking: { says' },
    ['added ranking', 'removed ranks (ranking)'],
  ],
  [
    'a new name for a metric, and a lower bound',
    {
      'ranks: { says: It ranks., of: champion.test, must: roc_auc() >= floor':
        'ranking: { says: It ranks., of: champion.test, must: roc_auc() >= 0.69',
    },
    ['added ranking', 'removed ranks'],
  ],
  [
    'two clauses that changed their names',
    { 'adults: {': 'zz: {', 'reqs: {': 'adults: {', 'zz: {': 'reqs: {' },
    ['incomparable adults', 'incomparable reqs'],
  ],
  [
    'weaker in one part, stronger in another',
    { 'floor: 0.7': 'floor: 0.6', 'confidence: 95%': 'confidence: 99%' },
    ['incomparable ranks'],
  ],
  [
    'weaker here, stronger there',
    { 'floor: 0.7': 'floor: 0.6', 'default: 18': 'default: 19' },
    ['strengthened adults', 'weakened ranks'],
  ],
  ['a failure that lets requests through', { 'on_failure: closed': 'on_failure: open' }, ['weakened guard.on_failure']],
  ['time that the guard may take', { '50ms': '500ms' }, ['weakened guard.budget', 'weakened release.latency']],
  [
    'another answer of the fallback',
    { 'value: { risk: 0.5 }': 'value: { risk: 0.0 }' },
    ['incomparable guard.fallback'],
  ],
  ['labels from another file', { 'source: labels.csv': 'source: other.csv' }, ['incomparable monitor.labels']],
  ['labels that may be few', { 'min_share: 80%': 'min_share: 8%' }, ['weakened monitor.labels']],
  ['nobody who is told', { '[{ webhook: "https://a" }]': '[]' }, ['weakened monitor.alerts']],
  [
    'no way back',
    { 'rollback: { when: [steady] }': 'rollback: { when: [] }' },
    ['weakened release.production.rollback'],
  ],
  [
    'a retraining put off',
    { 'schedule: 30d': 'schedule: 3000d', 'cooldown: 1d': 'cooldown: 90d' },
    ['weakened pipeline.retrain.cooldown', 'weakened pipeline.retrain.schedule'],
  ],
  ['fewer retrainings', { 'budget: 4/month': 'budget: 1/month' }, ['weakened pipeline.retrain.budget']],
  ['another class of risk', { 'risk: high': 'risk: minimal' }, ['weakened system.risk']],
  ['a framework less', { 'frameworks: [eu-ai-act], ': '' }, ['weakened system.frameworks']],
  ['a hazard without control', { 'controls: [fair]': 'controls: []' }, ['weakened hazards.H-1']],
  [
    'a hazard less',
    { 'hazards: { H-1: { says: H., severity: major, controls: [fair] } }\n': '' },
    ['weakened hazards.H-1'],
  ],
  ['a clause that meets nothing any more', { 'confidence: 95%, meets: [R-1]': 'confidence: 95%' }, ['reworded ranks']],
  ['a requirement in other words', { 'says: Rank.': 'says: Rank more or less.' }, ['reworded requirements.R-1']],
]

describe('a known change', () => {
  it.each(PAIRS)('%s', (_, replacements, expected) => {
    expect(said(replaced(replacements))).toEqual(expected)
  })
})

describe('where a clause stands', () => {
  const line = '  adults: { says: Adults., of: people, every: age >= adult }\n'
  const template = (clause: string): Readonly<Record<string, string>> => ({ 'base.plumb.yaml': `clauses:\n${clause}` })
  const extending = `extends: [base]\n${SPEC.replace(line, '')}`

  it('is no change', () => {
    expect(said(extending, template(line))).toEqual([])
  })

  it('hides no weakening', () => {
    expect(said(extending, template(line.replace('adult }', '16 }')))).toEqual(['weakened adults'])
    const local = `extends: [base]\n${SPEC.replace('age >= adult }', 'age >= 16 }')}`
    expect(said(local, template(line))).toEqual(['weakened adults'])
  })

  it('hides no parameter that the file gives another value', () => {
    const params = 'params: { floor: 0.7, adult: { type: integer, default: 18 } }\n'
    const moved = `extends: [base]\n${SPEC.replace(params, 'params: { floor: 0.5 }\n')}`
    expect(said(moved, { 'base.plumb.yaml': params })).toEqual(['weakened ranks'])
  })
})

it('a contract of one column takes no other’s place', () => {
  const without = replaced({
    '      income: { type: number, range: [0, 1000000], mostly: 99% }\n': '',
    'age, income, sex]': 'age, sex]',
    'income > 1000.0': 'age > 10',
    'x.income >= 10.0': 'x.age >= 10',
    "every: 'income > 5.0'": 'every: age > 5',
  })
  expect(said(without)).toEqual(expect.arrayContaining(['removed people.income.type', 'removed people.income.range']))
})

it('the rows behind a model are those of its data', () => {
  const other = said(replaced({ 'from: people, columns': 'from: easy, columns' }))
  expect(other).toEqual(expect.arrayContaining(['incomparable ranks', 'incomparable fair', 'incomparable beats']))
})

describe('lists', () => {
  const lists = `plumbline: 1
system: { name: texts, version: 1.0.0 }
data:
  docs:
    source: docs.parquet
    columns:
      tags: { type: list(text) }
      vec: { type: vector(384) }
clauses:
  tagged: { says: Tagged., of: docs, every: 'size(tags) > 0' }
`
  it.each([
    ['size(tags) > 0', 'size(tags) >= 0', ['weakened tagged']],
    ['size(tags) > 0', 'size(tags) > 1', ['strengthened tagged']],
    ['vector(384)', 'vector(128)', ['incomparable docs.vec.length']],
    ['vector(384)', 'list(number)', ['removed docs.vec.length']],
    ['list(text)', 'list(integer)', ['incomparable docs.tags.type', 'incomparable tagged']],
  ])('%s → %s', (from, to, expected) => {
    const { changes } = compareSpecs(programOf(lists), programOf(lists.replace(from, to)))
    const told = changes.filter(({ kind }) => kind !== 'unchanged').map(({ kind, id }) => `${kind} ${id}`)
    expect(told.toSorted()).toEqual(expected)
  })
})

describe('how a row is given to a model', () => {
  const photos = `plumbline: 1
system: { name: parcels, version: 1.0.0 }
data:
  cases:
    source: cases.csv
    columns:
      photo: { type: image }
      width: { type: number, range: [0, 10] }
      weight: { type: number, range: [0, 10] }
      fragile: { type: boolean, role: label }
models:
  champion: { artifact: m.onnx, input: { from: cases, columns: [width, weight] }, outputs: { risk: { type: number, range: [0, 1] } }, label: fragile, decision: risk >= 0.5 }
  seen: { artifact: i.onnx, input: { from: cases, columns: [photo], pixels: { width: 8, height: 8, channels: 3, range: [0, 1] } }, outputs: { look: { type: number, range: [0, 1] } }, label: fragile, decision: look >= 0.5 }
clauses:
  ranks: { says: Ranks., of: champion, must: 'roc_auc() >= 0.7' }
`
  it.each([
    // One tensor holds the columns in their order: the same file would be asked about other rows.
    ['columns: [width, weight]', 'columns: [weight, width]', ['incomparable models.champion.input']],
    ['range: [0, 1] } }, outputs: { look', 'range: [-1, 1] } }, outputs: { look', ['incomparable models.seen.input']],
    ['pixels: { width: 8', 'pixels: { width: 16', ['incomparable models.seen.input']],
    // Another version may read other columns; what held of requests for the one that it reads no more is told.
    [
      'columns: [width, weight]',
      'columns: [weight]',
      ['weakened cases.width.required', 'weakened cases.width.type', 'weakened cases.width.range'],
    ],
  ])('%s → %s', (from, to, expected) => {
    const { changes } = compareSpecs(programOf(photos), programOf(photos.replace(from, to)))
    const told = changes.filter(({ kind }) => kind !== 'unchanged').map(({ kind, id }) => `${kind} ${id}`)
    expect(told).toEqual(expected)
  })
})
