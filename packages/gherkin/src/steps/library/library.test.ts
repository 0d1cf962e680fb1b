import { analyse, type Clause, parseSpec } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { compileWith, SPEC } from '../../testing/compile-feature.ts'
import { tokensOf } from '../tokens.ts'
import { stepLibrary } from './index.ts'

const TEST = 'Given model champion on test'
const DATA = 'Given dataset accounts'
const DRIFT = `  population-stable: { of: requests, always: "max_over(columns, psi(column, accounts.train)) < 0.2", window: 1d }\n`

/** A statement below its subject, and the clause of YAML that says the same. Each line shows one pattern. */
const EQUAL: readonly (readonly [number | null, string, string, string, string?])[] = [
  [3, DATA, 'column age is never missing', '{ of: accounts, every: age != null }'],
  [3, DATA, 'column "monthly rent" is never missing', `{ of: accounts, every: 'row["monthly rent"] != null' }`],
  [4, DATA, 'missing rate of income is at most 5%', '{ of: accounts, must: null_share(income) <= 0.05 }'],
  [
    4,
    DATA,
    'missing rate of "monthly rent" is below 1 %',
    `{ of: accounts, must: 'null_share(row["monthly rent"]) < 0.01' }`,
  ],
  [5, DATA, 'values of sex are in male, female', '{ of: accounts, every: "sex in [1, 2]", missing: exclude }'],
  [5, DATA, 'values of sex are in 1 and 2', '{ of: accounts, every: "sex in [1, 2]", missing: exclude }'],
  [
    5,
    DATA,
    'values of education are in school',
    `{ of: accounts, every: 'education in ["school"]', missing: exclude }`,
  ],
  [5, DATA, 'values of iban are in "a, b", c', `{ of: accounts, every: 'iban in ["a, b", "c"]', missing: exclude }`],
  [
    null,
    DATA,
    'values of sex are:\n      | male |\n      | 2 |',
    '{ of: accounts, every: "sex in [1, 2]", missing: exclude }',
  ],
  [
    6,
    DATA,
    'values of age are between 18 and 100',
    '{ of: accounts, every: age >= 18 && age <= 100, missing: exclude }',
  ],
  [
    7,
    DATA,
    'iban matches pattern /^[A-Z]{2}[0-9]{2}/',
    `{ of: accounts, every: 'iban.matches("^[A-Z]{2}[0-9]{2}")', missing: exclude }`,
  ],
  [
    8,
    DATA,
    'id, age and "monthly rent" uniquely identify a row',
    `{ of: accounts, must: 'duplicates(id, age, row["monthly rent"]) == 0' }`,
  ],
  [
    9,
    DATA,
    'every id exists in customers.id',
    '{ of: accounts, must: "overlap(accounts, customers, id) == distinct(id)" }',
  ],
  [
    10,
    DATA,
    'rows satisfy income <= 2.0 * row["monthly rent"]',
    `{ of: accounts, every: 'income <= 2.0 * row["monthly rent"]' }`,
  ],
  [10, DATA, 'rows satisfy `age > 20 || employed`', '{ of: accounts, every: age > 20 || employed }'],
  [
    null,
    DATA,
    'rows satisfy:\n      """\n      age > 20\n        || employed\n      """',
    '{ of: accounts, every: age > 20 || employed }',
  ],
  [null, DATA, 'at least 99% of rows satisfy age < 90', '{ of: accounts, every: age < 90, mostly: 99% }'],
  [11, DATA, 'row count is at least 20_000', '{ of: accounts, must: count() >= 20_000 }'],
  [11, DATA, 'row count is at least 20,000', '{ of: accounts, must: count() >= 20_000 }'],
  [11, DATA, 'row count is between 10 and 20', '{ of: accounts, must: count() >= 10 && count() <= 20 }'],
  [
    12,
    DATA,
    'data is not older than 2026-11-01',
    `{ of: accounts, must: 'max(opened) >= timestamp("2026-11-01T00:00:00Z")' }`,
  ],
  [12, DATA, 'data is not older than since', `{ of: accounts, must: 'max(opened) >= timestamp(since)' }`],
  [
    13,
    DATA,
    'class true makes up between 15% and 30% of rows',
    '{ of: accounts, must: share(default) >= 0.15 && share(default) <= 0.3 }',
  ],
  [13, DATA, 'class false makes up > 0.5 of rows', '{ of: accounts, must: share(!default) > 0.5 }'],
  [
    15,
    DATA,
    'no id appears in both train and test',
    '{ of: accounts, must: "overlap(accounts.train, accounts.test, id) == 0" }',
  ],
  [
    16,
    'Given dataset accounts.test',
    'all train values of age precede test',
    '{ of: accounts.test, must: "not_after(age, accounts.train) == 0" }',
  ],
  [
    null,
    DATA,
    'all train timestamps precede test',
    '{ of: accounts.test, must: "not_after(opened, accounts.train) == 0" }',
  ],
  [
    14,
    DATA,
    'mutual information between "monthly rent" and label is at least 0.02',
    `{ of: accounts, must: 'mutual_information(row["monthly rent"], default) >= 0.02' }`,
  ],
  [null, TEST, 'ROC AUC is above 70%', '{ of: champion.test, must: roc_auc() > 0.7 }'],
  [30, TEST, 'model size is at most 10 MB', '{ of: champion, must: model_bytes() <= 10000000 }'],
  [
    30,
    'Given model scorecard',
    'model size is between 0.5kB and 1.5 KiB',
    '{ of: scorecard, must: model_bytes() >= 500 && model_bytes() <= 1536 }',
  ],
  [41, TEST, 'permuting rows does not change predictions', '{ of: champion.test, must: order_dependent() == 0 }'],
  [
    null,
    'Given model scorecard',
    'permuting rows does not change predictions',
    '{ of: scorecard, must: order_dependent() == 0 }',
  ],
  [17, TEST, 'feature pay_0 is known at prediction time', '{ of: requests, every: pay_0 != null }'],
  [
    20,
    TEST,
    'training is reproducible within 0.001 beside scorecard',
    '{ of: champion, forall: { x: accounts.rows }, holds: math.abs(champion(x).risk - scorecard(x).risk) <= 0.001 }',
  ],
  [
    21,
    'Given model champion',
    'train/validation gap of ROC AUC is at most 0.05',
    '{ of: champion, must: "gap_across(split, roc_auc()) <= 0.05" }',
  ],
  [
    22,
    TEST,
    'removing feature age changes brier by at most 1% beside ageless with 90% confidence',
    '{ of: champion.test, must: brier(ageless) - brier() <= 0.01, confidence: 90% }',
  ],
  [24, 'Given model champion', 'lift(0.1) on test is at least 2', '{ of: champion.test, must: lift(0.1) >= 2 }'],
  [24, 'Given model champion', 'sensitivity on test is > 0.2', '{ of: champion.test, must: recall() > 0.2 }'],
  [
    24,
    'Given model champion',
    'expected cost(1, 5) on test is below 0.8',
    '{ of: champion.test, must: "expected_cost(1, 5) < 0.8" }',
  ],
  [
    28,
    TEST,
    'top precision(5%) is not worse than scorecard by more than 0.02',
    '{ of: champion.test, must: "top_precision(0.05) >= top_precision(0.05, scorecard) - 0.02" }',
  ],
  [
    23,
    TEST,
    'the model beats baseline scorecard on roc_auc by at least 0.02',
    '{ of: champion.test, must: roc_auc() - roc_auc(scorecard) >= 0.02 }',
  ],
  [
    23,
    'Given model champion',
    'the model beats baseline scorecard on brier on test by > 0',
    '{ of: champion.test, must: brier(scorecard) - brier() > 0 }',
  ],
  [24, 'Given model champion', 'roc_auc on test is at least 0.7', '{ of: champion.test, must: roc_auc() >= 0.7 }'],
  [24, 'Given model champion', 'ROC AUC on requests is ≥ 70%', '{ of: requests, must: roc_auc() >= 0.7 }'],
  [
    24,
    'Given model scorecard',
    'recall on accounts.test is > 0.2 with 99% confidence on at least 500 rows',
    '{ of: scorecard.test, must: count() >= 500 && recall() > 0.2, confidence: 99% }',
  ],
  [
    25,
    TEST,
    'roc_auc for slice young is at least 0.65',
    '{ of: champion.test, must: roc_auc() >= 0.65, slices: [young] }',
  ],
  [
    25,
    TEST,
    'roc_auc for slice by education is at least 0.65',
    '{ of: champion.test, must: roc_auc() >= 0.65, slices: [by education] }',
  ],
  [
    25,
    'Given model champion',
    'recall for slice young on test is at least 0.65',
    '{ of: champion.test, must: recall() >= 0.65, slices: [young] }',
  ],
  [
    26,
    TEST,
    'worst-slice roc_auc over education and sex is at least 0.6',
    '{ of: champion.test, must: roc_auc() >= 0.6, slices: [by education, by sex] }',
  ],
  [27, TEST, 'expected calibration error is at most 0.03', '{ of: champion.test, must: calibration_error() <= 0.03 }'],
  [
    28,
    TEST,
    'roc_auc is not worse than scorecard by more than 0.01',
    '{ of: champion.test, must: roc_auc() >= roc_auc(scorecard) - 0.01 }',
  ],
  [
    28,
    'Given model challenger',
    'brier on test is not worse than champion by more than 0.01',
    '{ of: challenger.test, must: brier() <= brier(champion) + 0.01 }',
  ],
  [29, TEST, 'p99 latency is at most 50ms', '{ of: release, must: latency_ms(0.99) <= 50 }'],
  [
    31,
    TEST,
    'recall difference across sex is at most 0.1',
    '{ of: champion.test, must: "gap_across(sex, recall()) <= 0.1" }',
  ],
  [
    32,
    TEST,
    'selection-rate ratio across sex is at least 80%',
    '{ of: champion.test, must: "ratio_across(sex, positive_rate()) >= 0.8" }',
  ],
  [
    33,
    TEST,
    'equalized odds gap across sex is at most 0.1',
    '{ of: champion.test, must: "gap_across(sex, recall()) <= 0.1 && gap_across(sex, specificity()) <= 0.1" }',
  ],
  [
    34,
    TEST,
    'flipping sex changes the decision in at most 0% of rows',
    `{ of: champion, forall: { x: accounts.rows, s: accounts.columns.sex }, let: { y: "x.with({'sex': s})" }, holds: champion(x).decision == champion(y).decision }`,
  ],
  [
    34,
    TEST,
    'flipping sex changes the decision in at most 0.5% of rows',
    `{ of: champion, forall: { x: accounts, s: accounts.columns.sex }, let: { y: "x.with({'sex': s})" }, holds: champion(x).decision == champion(y).decision, mostly: 99.5%, over: accounts }`,
  ],
  [
    37,
    TEST,
    'adding noise of 2 to age changes the decision in at most 5% of rows',
    `{ of: champion, forall: { x: accounts.test.rows }, let: { y: "x.with({'age': int(math.round(corrupt.noise(double(x.age), 2.0, 1)))})" }, holds: champion(x).decision == champion(y).decision, mostly: 95%, over: accounts.test }`,
  ],
  [
    37,
    'Given model champion',
    'adding noise of 1000.5 to income changes the decision in at most 0% of rows',
    `{ of: champion, forall: { x: accounts.rows }, let: { y: "x.with({'income': corrupt.noise(x.income, 1000.5, 1)})" }, holds: champion(x).decision == champion(y).decision }`,
  ],
  [
    37,
    TEST,
    'accuracy with noise of 2 added to age is at least 80%',
    `{ of: champion, forall: { x: accounts.test.rows }, let: { y: "x.with({'age': int(math.round(corrupt.noise(double(x.age), 2.0, 1)))})" }, holds: champion(y).decision == x.default, mostly: 80%, over: accounts.test }`,
  ],
  [
    36,
    TEST,
    '2 typing errors in iban change the answer in at most 5% of rows',
    `{ of: champion, forall: { x: accounts.test.rows }, let: { y: "x.with({'iban': corrupt.typos(x.iban, 2, 1)})" }, holds: champion(x).decision == champion(y).decision, mostly: 95%, over: accounts.test }`,
  ],
  [
    36,
    'Given model champion',
    'writing iban in capital letters changes the answer in at most 0% of rows',
    `{ of: champion, forall: { x: accounts.rows }, let: { y: "x.with({'iban': x.iban.upperAscii()})" }, holds: champion(x).decision == champion(y).decision }`,
  ],
  [
    36,
    TEST,
    'writing iban in small letters changes the answer in below 1% of rows',
    `{ of: champion, forall: { x: accounts.test.rows }, let: { y: "x.with({'iban': x.iban.lowerAscii()})" }, holds: champion(x).decision == champion(y).decision, mostly: 99%, over: accounts.test }`,
  ],
  [
    39,
    'Given model ageless on test',
    'moving all numbers by up to 1% of their range changes the answer in at most 5% of rows',
    `{ of: ageless, forall: { x: accounts.test.rows }, let: { y: "x.with({'income': math.greatest(0.0, math.least(1000.0, x.income + 10.0 * (2.0 * corrupt.chance(x.income, 1) - 1.0))), 'pay_0': int(math.round(math.greatest(-2.0, math.least(8.0, double(x.pay_0) + 0.1 * (2.0 * corrupt.chance(x.pay_0, 3) - 1.0)))))})" }, holds: ageless(x).decision == ageless(y).decision, mostly: 95%, over: accounts.test }`,
  ],
  [
    35,
    TEST,
    'prediction never decreases when pay_0 increases',
    `{ of: champion, forall: { x: accounts }, let: { y: "x.with({'pay_0': x.pay_0 + 1})" }, holds: champion(y).risk >= champion(x).risk }`,
  ],
  [
    null,
    TEST,
    'prediction never increases when income increases',
    `{ of: champion, forall: { x: accounts }, let: { y: "x.with({'income': x.income + 10.0})" }, holds: champion(y).risk <= champion(x).risk }`,
  ],
  [
    36,
    TEST,
    'prediction is invariant to changing sex',
    `{ of: champion, forall: { x: accounts, s: accounts.columns.sex }, let: { y: "x.with({'sex': s})" }, holds: champion(x).risk == champion(y).risk }`,
  ],
  [
    36,
    TEST,
    'prediction is invariant to adding 1 to age',
    `{ of: champion, forall: { x: accounts }, let: { y: "x.with({'age': x.age + 1})" }, holds: champion(y).risk == champion(x).risk }`,
  ],
  [
    36,
    TEST,
    'prediction is invariant to multiplying income by 2',
    `{ of: champion, forall: { x: accounts }, let: { y: "x.with({'income': x.income * 2.0})" }, holds: champion(y).risk == champion(x).risk }`,
  ],
  [
    36,
    TEST,
    'prediction is invariant to swapping age and pay_0',
    `{ of: champion, forall: { x: accounts }, let: { y: "x.with({'age': x.pay_0, 'pay_0': x.age})" }, holds: champion(y).risk == champion(x).risk }`,
  ],
  [
    42,
    DATA,
    'psi of age versus train is below 0.2 over 1d',
    '{ of: requests, always: "psi(age, accounts.train) < 0.2", window: 1d }',
  ],
  [
    42,
    DATA,
    'PSI of any column versus accounts.train is below 0.2 over a day',
    '{ of: requests, always: "max_over(columns, psi(column, accounts.train)) < 0.2", window: 1d }',
  ],
  [
    null,
    DATA,
    'ks of age versus train is at most 0.1 over 1d 2 times in a row',
    '{ of: requests, always: "ks(age, accounts.train) <= 0.1", window: 1d, for: 2 }',
  ],
  [
    null,
    'Given dataset accounts.test',
    'psi of any column versus train is below 0.1',
    '{ of: accounts.test, must: "max_over(columns, psi(column, accounts.train)) < 0.1" }',
  ],
  [
    43,
    TEST,
    'prediction distribution drift is below 0.1 over 1d',
    '{ of: requests, always: "psi(risk, champion.test) < 0.1", window: 1d }',
  ],
  [
    43,
    'Given model champion',
    'prediction distribution drift versus train is below 0.1 over 1d',
    '{ of: requests, always: "psi(risk, champion.train) < 0.1", window: 1d }',
  ],
  [
    44,
    DATA,
    'when drift exceeds 0.2 then retraining is decided within 7 days',
    `{ of: system, whenever: 'violated("population-stable")', then: 'kind == "retrain.decided"', within: 7d }`,
    DRIFT,
  ],
  [
    null,
    DATA,
    'when population-stable is violated then alert.sent within an hour',
    `{ of: system, whenever: 'violated("population-stable")', then: 'kind == "alert.sent"', within: 1h }`,
    DRIFT,
  ],
  [
    45,
    DATA,
    'fallback rate is at most 1% over 1d',
    `{ of: requests, always: 'share(_guard == "fallback") <= 0.01', window: 1d }`,
  ],
]

const feature = (subject: string, statement: string): string =>
  `Feature: Lending\n\n  @id:asked\n  Scenario: Asked\n    ${subject}\n    Then ${statement}\n`

function onlyClause(clauses: readonly Clause[] | undefined, id: string): Clause | undefined {
  return clauses?.find((each) => each.id === id)
}

describe('each statement is the clause that YAML would give', () => {
  it.each(EQUAL.map(([, ...rest]) => rest))('%s / %s', (subject, statement, yaml, before = '') => {
    const clauses = before === '' ? '' : `clauses:\n${before}`
    const read = compileWith(`${SPEC}${clauses}`, { 'a.feature': feature(subject, statement) })
    expect(read.diagnostics.filter(({ severity }) => severity === 'error').map((d) => d.message)).toEqual([])
    const written = { main: { path: 'plumb.yaml', text: `${SPEC}clauses:\n${before}  asked: ${yaml}\n` }, others: [] }
    const { value, diagnostics } = analyse(written)
    expect(diagnostics.filter(({ severity }) => severity === 'error').map((d) => d.message)).toEqual([])
    const [fromFeature, fromYaml] = [read.program?.clauses, value?.identify().clauses].map((all) =>
      onlyClause(all, 'asked'),
    )
    expect(fromFeature?.digest).toBe(fromYaml?.digest)
    expect(fromYaml?.digest).toMatch(/^sha256:/)
    expect(fromFeature?.place).toMatchObject({ file: 'a.feature', line: 6, column: 10 })
  })

  it('has a line above for every pattern that makes a clause', () => {
    const shown = new Set(EQUAL.map(([number]) => number))
    const makes = stepLibrary.flatMap(({ number, meaning }) =>
      meaning.kind === 'statement' && number !== undefined ? [number] : [],
    )
    // 2, 38 and 40 name a clause that is there already; see below.
    expect(makes.filter((number) => !shown.has(number))).toEqual([2, 38, 40])
  })
})

describe('a statement of what the spec already has', () => {
  it.each([
    ['column age is of type integer', 'accounts.age.type'],
    ['out-of-range input is rejected with 400', 'release.guard'],
    ['with age missing the model refuses to answer', 'release.guard'],
  ])('%s stands for %s', (statement, id) => {
    const { features, program, shown } = compileWith(SPEC, {
      'a.feature': feature(DATA, statement).replace('@id:asked', ''),
    })
    expect(shown).not.toContain('error[')
    expect(features?.clauses).toEqual([])
    expect(features?.features[0]?.steps.map(({ clause }) => clause)).toEqual([undefined, id])
    expect(program?.clauses.map((each) => each.id)).toContain(id)
  })
})

describe('a statement that the spec does not bear out', () => {
  it.each([
    ['with income missing the model refuses to answer', 'A request without `income` violates nothing'],
    ['with age missing the model explodes', '`explodes`'],
    ['with education missing the model refuses to answer', 'champion does not read `education`'],
    ['feature default is known at prediction time', '`default` is the label'],
    ['feature educaton is known at prediction time', 'champion does not read `educaton`'],
    ['removing feature sex changes recall by at most 0.1 beside ageless', 'ageless reads `sex`, too'],
    ['all train values of iban precede test', 'not_after'],
    ['model size is at most 10 elephants', 'a bound on a size'],
    ['model size is at most 0.3 B', '`0.3 B`'],
    ['mutual information between agee and label is above 0', 'agee'],
    ['lift on test is at least 3', 'lift'],
    ['lift(age) on test is at least 3', 'lift'],
    ['data is not older than 2026-13-41', '2026-13-41'],
    ['prediction never decreases when sex increases', '`sex` is of type category: only a number can be moved'],
    ['prediction is invariant to multiplying sex by 2', '`sex` is of type category: only a number can be moved'],
    ['adding noise of 1 to sex changes the decision in at most 1% of rows', 'noise is added to numbers'],
    ['2 typing errors in sex change the answer in at most 1% of rows', 'letters are changed in texts'],
    ['moving all numbers by up to 200% of their range changes the answer in at most 1% of rows', '`200%`'],
    ['accuracy with noise of 2 added to age is at most 80%', 'a least share of right answers'],
    ['accuracy with noise of 2 added to sex is at least 80%', 'noise is added to numbers'],
    ['blurring iban by 2 pixels changes the answer in at most 5% of rows', 'only an image can be spoilt so'],
    ['data is not older than sinse', '`sinse`'],
    ['adding noise of 0 to age changes the decision in at most 1% of rows', '`0`'],
  ])('%s', (statement, said) => {
    const { diagnostics } = compileWith(SPEC, { 'a.feature': feature(TEST, statement) })
    const mistakes = diagnostics.filter(({ severity }) => severity === 'error')
    expect(mistakes.map((each) => each.message).join('\n')).toContain(said)
    expect(mistakes.map(({ span }) => span.file)).toEqual(mistakes.map(() => 'a.feature'))
  })
})

describe('steps about images', () => {
  const PHOTOS = `plumbline: 1
system: { name: parcels }
data:
  cases:
    source: data/cases.csv
    columns:
      photo: { type: image }
      mark: { type: category, values: [across, down], role: label }
models:
  champion:
    artifact: models/champion.onnx
    input: { from: cases, columns: [photo], pixels: { width: 8, height: 8, channels: 3, range: [0, 1] } }
    outputs: { answer: { type: category, values: [across, down] } }
    label: mark
`

  it.each([
    ['blurring photo by 2 pixels', 'corrupt.blur(x.photo, 2)'],
    ['blurring photo by 1 pixel', 'corrupt.blur(x.photo, 1)'],
    ['cropping photo by 10%', 'corrupt.crop(x.photo, 0.1)'],
    ['compressing photo as JPEG of quality 40', 'corrupt.jpeg(x.photo, 40)'],
    ['60% of the contrast of photo', 'corrupt.contrast(x.photo, 0.6)'],
    ['200% of the brightness of photo', 'corrupt.brightness(x.photo, 2.0)'],
    ['adding noise of 12 to photo', 'corrupt.noise(x.photo, 12.0, 1)'],
  ])('%s', (statement, changed) => {
    const what = statement.startsWith('adding') ? 'the decision' : 'the answer'
    const { program, shown } = compileWith(PHOTOS, {
      'a.feature': feature('Given model champion', `${statement} changes ${what} in at most 5% of rows`),
    })
    expect(shown).not.toContain('error[')
    const body = `{ says: A, of: champion, forall: { x: cases.rows }, let: { y: "x.with({'photo': ${changed}})" }, holds: champion(x).answer == champion(y).answer, mostly: 95%, over: cases }`
    const { program: other } = compileWith(`${PHOTOS}clauses:\n  asked: ${body}\n`, {})
    const digest = (of: typeof program) => of?.clauses.find(({ id }) => id === 'asked')?.digest
    expect(digest(program)).toBeDefined()
    expect(digest(program)).toBe(digest(other))
  })

  it('keeps a level to what the function takes', () => {
    const { shown } = compileWith(PHOTOS, {
      'a.feature': feature('Given model champion', 'cropping photo by 95% changes the answer in at most 5% of rows'),
    })
    expect(shown).toContain('`95%`')
  })
})

it('takes for the prediction what ranks, not the class that a file answers first', () => {
  const both = SPEC.replace(
    'outputs: { risk: { type: number, range: [0, 1] } }',
    'outputs: { label: { type: integer }, risk: { type: number, range: [0, 1] } }',
  )
  const { program, shown } = compileWith(both, {
    'a.feature': feature(TEST, 'prediction never decreases when pay_0 increases'),
  })
  expect(shown).not.toContain('error[')
  expect(JSON.stringify(program?.clauses.find(({ id }) => id === 'asked'))).toContain('"name":"risk"')
})

it('says what the guard of the spec does otherwise, at the guard', () => {
  const { diagnostics } = compileWith(SPEC, {
    'a.feature': feature(TEST, 'with age missing the model answers with the fallback'),
  })
  const [mistake] = diagnostics.filter(({ severity }) => severity === 'error')
  expect(mistake?.message).toContain('something else than fallback')
  expect(mistake?.span.file).toBe('plumb.yaml')
})

describe('the library', () => {
  it('has the 47 patterns, each built or with its reason', () => {
    const numbers = stepLibrary.flatMap(({ number }) => number ?? [])
    expect([...new Set(numbers)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 47 }, (_, i) => i + 1))
    for (const { meaning } of stepLibrary) if (meaning.kind === 'not-built') expect(meaning.reason).toMatch(/\.$/)
  })

  it.each(
    stepLibrary.flatMap(({ meaning }) =>
      meaning.kind === 'not-built'
        ? [...meaning.reason.matchAll(/`([a-z0-9][^`:{]* [^`:{]*)`/g)].map(([, said = '']) => said)
        : [],
    ),
  )('offers in place of a step one that it has: %s', (said) => {
    const subject = said.includes('than champion')
      ? 'Given model challenger on test'
      : said.startsWith('no ')
        ? ''
        : TEST
    const feature = `Feature: x\n  Scenario: y\n    ${DATA}\n    ${subject}\n    Then ${said}\n`
    const { diagnostics } = compileWith(SPEC, { 'a.feature': feature })
    // The models and datasets that it names are the reader's own.
    const known = diagnostics.filter(({ message }) => !/retrained|champion\.(?:rotated|noisy)|photo/.test(message))
    expect(known.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  })

  it.each(stepLibrary.map((pattern) => [pattern.example, pattern] as const))(
    'reads its example: %s',
    (example, pattern) => {
      const [first = '', ...below] = example.split('\n')
      const subject = first.startsWith('Then ') ? [DATA, TEST] : []
      const text = ['Feature: x', '  Scenario: y', ...subject, first, ...below].map((line) => `    ${line}`).join('\n')
      const { diagnostics } = compileWith(`${SPEC}clauses:\n${DRIFT}`, { 'a.feature': text })
      const unread = diagnostics.filter(({ code }) =>
        ['feature/unknown-step', 'feature/bad-argument', 'feature/syntax'].includes(code),
      )
      expect(unread.map((d) => d.message)).toEqual([])
      expect(diagnostics.some(({ code }) => code === 'feature/not-built')).toBe(pattern.meaning.kind === 'not-built')
    },
  )

  it('spells its gaps with kinds that there are', () => {
    for (const { expressions } of stepLibrary)
      for (const expression of expressions)
        expect(
          tokensOf(expression).flatMap((t) => (t.kind === 'word' && t.text.startsWith('{') ? [t.text] : [])),
        ).toEqual([])
  })

  it('keeps its test spec without mistakes', () => {
    expect(parseSpec({ main: { path: 'plumb.yaml', text: SPEC }, others: [] }).value).toBeDefined()
  })
})
