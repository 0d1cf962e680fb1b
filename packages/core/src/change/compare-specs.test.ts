import { describe, expect, it } from 'vitest'
import type { SpecChange } from './change.ts'
import { compareSpecs } from './compare-specs.ts'
import { programOf } from './testing/program.ts'

const SPEC = `plumbline: 1
system: { name: credit, version: 1.2.0 }
data:
  people:
    source: people.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      income: { type: number, range: [0, 1000000], mostly: 99% }
      sex: { type: category, values: [1, 2] }
      part: { type: category, values: [train, test], role: split }
      default: { type: boolean, role: label }
slices: { young: age < 30 }
models:
  champion:
    artifact: a.onnx
    task: binary-classification
    input: { from: people, columns: [age, income, sex] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
  adults: { says: Adults., of: people, every: age >= 18 }
  rich: { says: Rich enough., of: [people, requests], every: income >= 100.0 || age < 25, mostly: 95% }
  ranks: { says: It ranks., of: champion.test, must: roc_auc() >= 0.7, slices: [all, young], confidence: 95% }
  finds: { says: It finds., of: champion.test, must: recall() >= 0.3 && precision() >= 0.5 }
  alike: { says: Alike., of: people.test, must: "max_over(columns, psi(column, people.train)) < 0.1" }
  fair: { says: Fair., of: champion.test, must: "ratio_across(sex, recall()) >= 0.8" }
  monotone:
    says: Older is never riskier.
    of: champion
    forall: { x: people }
    assume: x.income >= 10.0
    let: { y: "x.with({'age': x.age + 1})" }
    holds: champion(y).risk <= champion(x).risk
  sex-free: { says: Sex has no say., of: champion, forall: { x: people, s: people.columns.sex }, let: { y: "x.with({'sex': s})" }, holds: champion(x).decision == champion(y).decision }
  steady: { says: Steady., of: requests, always: "psi(age, people.train) < 0.2", window: 1d, for: 2 }
  answered: { says: Answered., of: system, whenever: violated("steady"), then: kind == "retrain.decided", within: 7d }
guard:
  input: { on_violation: reject }
  output: { on_violation: fallback }
  fallback: { value: { risk: 0.5 } }
monitor: { windows: [1d], min_rows: 500 }
release:
  production: { requires: [data, model, release], rollback: { when: [steady] } }
`

const old = programOf(SPEC)

function changed(from: string, to: string): SpecChange {
  if (!SPEC.includes(from)) throw new Error(`The spec has no ${from}`)
  return compareSpecs(old, programOf(SPEC.replace(from, to)))
}

/** What changed, as `id kind facet:order …`. */
const said = ({ changes }: SpecChange): readonly string[] =>
  changes
    .filter(({ kind }) => kind !== 'unchanged')
    .map(({ id, kind, facets }) => [id, kind, ...facets.map(({ name, order }) => `${name}:${order}`)].join(' '))

it('finds nothing between a spec and itself', () => {
  const same = compareSpecs(old, old)
  expect(said(same)).toEqual([])
  expect(same.version).toMatchObject({ required: 'none', enough: true })
})

describe('one change', () => {
  it.each([
    ['a bound on rows', 'every: age >= 18', 'every: age >= 16', ['adults weakened condition:weaker']],
    ['the same bound in other words', 'every: age >= 18', 'every: age > 17', ['adults reworded condition:same']],
    ['a disjunct', 'every: age >= 18', 'every: age >= 18 || income > 5.0', ['adults weakened condition:weaker']],
    ['a conjunct', 'every: age >= 18', 'every: age >= 18 && sex == 1', ['adults strengthened condition:stronger']],
    ['another condition', 'every: age >= 18', 'every: income >= 18.0', ['adults incomparable condition:incomparable']],
    ['words', 'says: Adults.', 'says: Grown up.', ['adults reworded']],
    ['the share', 'mostly: 95%', 'mostly: 90%', ['rich weakened mostly:weaker']],
    ['what missing cells do', 'mostly: 95%', 'mostly: 95%, missing: pass', ['rich weakened missing:weaker']],
    [
      'two things in opposite ways',
      'age < 25, mostly: 95%',
      'age < 20, mostly: 90%',
      ['rich incomparable condition:stronger mostly:weaker'],
    ],
    ['a relation less', 'of: [people, requests], every', 'of: people, every', ['rich weakened of:weaker']],
    ['fewer rows', 'of: people, every: age', 'of: people.train, every: age', ['adults weakened of:weaker']],
    ['a metric’s bound', 'roc_auc() >= 0.7', 'roc_auc() >= 0.65', ['ranks weakened condition:weaker']],
    ['a stricter bound', 'roc_auc() >= 0.7', 'roc_auc() > 0.7', ['ranks strengthened condition:stronger']],
    ['confidence', 'confidence: 95%', 'confidence: 90%', ['ranks weakened confidence:weaker']],
    ['confidence to none', 'confidence: 95%', 'confidence: none', ['ranks weakened confidence:weaker']],
    ['a slice less', 'slices: [all, young]', 'slices: [all]', ['ranks weakened slices:weaker']],
    ['what a slice is', 'young: age < 30', 'young: age < 29', ['ranks incomparable rows of young:incomparable']],
    [
      'every look',
      'must: recall() >= 0.3',
      'anytime: true, must: recall() >= 0.3',
      ['finds strengthened anytime:stronger'],
    ],
    ['severity', 'must: recall() >= 0.3', 'severity: warn, must: recall() >= 0.3', ['finds weakened severity:weaker']],
    [
      'a conjunct of metrics',
      'recall() >= 0.3 && precision() >= 0.5',
      'recall() >= 0.3',
      ['finds weakened condition:weaker'],
    ],
    [
      'metrics in another order',
      'recall() >= 0.3 && precision() >= 0.5',
      'precision() >= 0.5 && 0.3 <= recall()',
      ['finds reworded condition:same'],
    ],
    ['a bound over columns', '< 0.1', '< 0.2', ['alike weakened condition:weaker']],
    ['a ratio', '>= 0.8', '>= 0.7', ['fair weakened condition:weaker']],
    ['an assumption', 'x.income >= 10.0', 'x.income >= 20.0', ['monotone weakened assume:weaker']],
    ['a weaker assumption', 'x.income >= 10.0', 'x.income >= 5.0', ['monotone strengthened assume:stronger']],
    ['windows in a row', 'for: 2', 'for: 3', ['steady weakened for:weaker']],
    ['time to answer', 'within: 7d', 'within: 8d', ['answered weakened within:weaker']],
    ['the guard', 'on_violation: reject', 'on_violation: flag', ['guard.input weakened on_violation:weaker']],
    ['rows of a window', 'min_rows: 500', 'min_rows: 900', ['monitor.min_rows weakened min_rows:weaker']],
    [
      'what a release requires',
      'requires: [data, model, release]',
      'requires: [data, model]',
      [
        'release.production.requires weakened requires:weaker',
        'release.contract removed',
        'release.parity removed',
        'release.guard removed',
      ],
    ],
    [
      'the decision',
      'decision: risk >= 0.5',
      'decision: risk >= 0.6',
      [
        'finds incomparable decision of champion:incomparable',
        'fair incomparable decision of champion:incomparable',
        'sex-free incomparable decision of champion:incomparable',
      ],
    ],
    [
      'rows of a split',
      `test: 'part == "test"'`,
      `test: 'part == "test" && age > 20'`,
      [
        'ranks incomparable rows of champion.test:incomparable',
        'finds incomparable rows of champion.test:incomparable',
        'alike incomparable rows of people.test:incomparable',
        'fair incomparable rows of champion.test:incomparable',
        'people.splits weakened condition:weaker',
      ],
    ],
    [
      'a column’s range',
      'range: [18, 100]',
      'range: [18, 120]',
      [
        'people.age.range weakened condition:weaker',
        'monotone strengthened domain of age:stronger',
        'sex-free strengthened domain of age:stronger',
      ],
    ],
    [
      'a column’s share',
      'mostly: 99%',
      'mostly: 98%',
      [
        'people.income.required weakened mostly:weaker',
        'people.income.type weakened mostly:weaker',
        'people.income.range weakened mostly:weaker',
      ],
    ],
    [
      'an optional column',
      '{ type: number, range: [0, 1000000], mostly: 99% }',
      '{ type: number, range: [0, 1000000], mostly: 99%, optional: true }',
      [
        'monotone strengthened domain of income:stronger',
        'sex-free strengthened domain of income:stronger',
        'people.income.required removed',
      ],
    ],
    [
      'a wider type',
      'id: { type: integer, role: key }',
      'id: { type: text, role: key }',
      ['people.id.type weakened type:weaker'],
    ],
    ['a clause less', '  adults: { says: Adults., of: people, every: age >= 18 }\n', '', ['adults removed']],
    ['a clause more', 'clauses:\n', 'clauses:\n  more: { says: More., of: people, every: age < 99 }\n', ['more added']],
  ])('%s', (_, from, to, expected) => {
    expect(said(changed(from, to)).toSorted()).toEqual(expected.toSorted())
  })
})

it('says which clause took the place of one that was renamed', () => {
  const renamed = changed('adults: { says: Adults.', 'grown-up: { says: Adults.')
  expect(renamed.changes.find(({ id }) => id === 'adults')).toMatchObject({ kind: 'removed', coveredBy: ['grown-up'] })
  const weaker = changed(
    'adults: { says: Adults., of: people, every: age >= 18',
    'grown-up: { says: Adults., of: people, every: age >= 17',
  )
  expect(weaker.changes.find(({ id }) => id === 'adults')).not.toHaveProperty('coveredBy')
})

it('says which clauses together ask what a removed one asked', () => {
  const both = `  grown-up: { says: A., of: people, every: age >= 18 && age < 99 }
  sane: { says: B., of: people, every: age <= 90 }
  poor: { says: C., of: people, every: income < 1000.0 }
`
  const one = SPEC.replace('every: age >= 18', 'every: age >= 18 && age <= 90')
  const split = compareSpecs(programOf(one), programOf(one.replace(/ {2}adults: .*\n/, both))).changes.find(
    ({ id }) => id === 'adults',
  )
  expect(split).toMatchObject({ kind: 'removed', coveredBy: ['grown-up', 'sane'] })
  const less = compareSpecs(programOf(one), programOf(one.replace(/ {2}adults: .*\n/, both.replace('<= 90', '<= 91'))))
  expect(less.changes.find(({ id }) => id === 'adults')).not.toHaveProperty('coveredBy')
})

it('shows a row that is admitted now', () => {
  const [facet] =
    changed('every: age >= 18', 'every: age >= 16').changes.find(({ id }) => id === 'adults')?.facets ?? []
  expect(facet?.witness).toMatch(/^now admitted: age = 1[67]$/)
})

it('says how far the version has to move, and whether it did', () => {
  const to = (version: string, from: string, into: string): object =>
    compareSpecs(old, programOf(SPEC.replace('version: 1.2.0', `version: ${version}`).replace(from, into))).version
  expect(to('1.2.0', 'says: Adults.', 'says: Grown up.')).toMatchObject({
    required: 'patch',
    least: '1.2.1',
    enough: false,
  })
  expect(to('1.3.0', 'age >= 18', 'age >= 19')).toMatchObject({ required: 'minor', least: '1.3.0', enough: true })
  expect(to('1.9.0', 'age >= 18', 'age >= 17')).toMatchObject({ required: 'major', least: '2.0.0', enough: false })
  expect(to('2.0.0', 'age >= 18', 'age >= 17')).toMatchObject({ required: 'major', enough: true })
})
