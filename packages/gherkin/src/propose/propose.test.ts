import { analyse, compile, parseSpec, readClause, spokenOf } from '@plumbline/core'
import { array, assert, boolean, constantFrom, integer, nat, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SPEC } from '../testing/compile-feature.ts'
import { type Proposal, propose } from './propose.ts'

const BASE = `${SPEC}clauses:\n  drift-ok: { of: requests, always: "psi(age, accounts.train) < 0.2", window: 1d, meets: [R-1] }\n`
const sources = (text: string) => ({ main: { path: 'plumb.yaml', text }, others: [] })

function proposed(sentence: string) {
  const { value } = parseSpec(sources(BASE))
  if (value === undefined) throw new Error('The spec of the test has mistakes.')
  return propose(sentence, value, sources(BASE))
}

function proposalOf(sentence: string): Proposal {
  const found = proposed(sentence)
  if (found.kind !== 'proposal') throw new Error(found.why)
  return found.proposal
}

/** The spec with a proposal pasted into it. */
function pasted({ yaml }: Proposal): string {
  const [, slices, clauses = ''] = /^(?:slices:\n([^]*?)\n)?clauses:\n([^]*)$/.exec(yaml) ?? []
  const whole = `${BASE}${clauses}\n`
  return slices === undefined ? whole : whole.replace('slices:\n', `slices:\n${slices}\n`)
}

const UNDERSTOOD: readonly (readonly [string, string, string])[] = [
  [
    'The recall of the model on test shall be at least 0.8.',
    'metric-recall-test',
    'of: champion.test, must: recall() >= 0.8',
  ],
  [
    'The model shall have a ROC AUC of at least 70% on test.',
    'metric-roc_auc-test',
    'of: champion.test, must: roc_auc() >= 0.7',
  ],
  [
    'While age < 25, the roc_auc shall be at least 0.65.',
    'metric-roc_auc-test',
    'of: champion.test, must: roc_auc() >= 0.65, slices: [young]',
  ],
  [
    'Where the applicant is young, the recall shall be above 0.2',
    'metric-recall-test',
    'of: champion.test, must: recall() > 0.2, slices: [young]',
  ],
  [
    'The missing rate of income shall be at most 5%.',
    'missing-income',
    'of: accounts, must: null_share(income) <= 0.05',
  ],
  [
    'The age shall be between 18 and 100',
    'range-age',
    'of: accounts, every: age >= 18 && age <= 100, missing: exclude',
  ],
  ['The income must be at most 1000', 'rows-income-1000', 'of: accounts, every: income <= 1000, missing: exclude'],
  ['The iban shall never be missing.', 'present-iban', 'of: accounts, every: iban != null'],
  [
    'Every sex shall be one of male or female',
    'values-sex-in-1-2',
    'of: accounts, every: "sex in [1, 2]", missing: exclude',
  ],
  [
    'The recall difference across sex shall be at most 0.1',
    'difference-recall-sex',
    'of: champion.test, must: "gap_across(sex, recall()) <= 0.1"',
  ],
  ['The p99 latency shall be at most 50 ms', 'latency', 'of: release, must: latency_ms(0.99) <= 50'],
  [
    'When drift-ok is violated, the system shall retrain within 7 days.',
    'answered-drift-ok-retraining-is-decided',
    `of: system, whenever: 'violated("drift-ok")', then: 'kind == "retrain.decided"', within: 7d`,
  ],
  [
    'If drift-ok is violated, then the system shall send an alert within an hour.',
    'answered-drift-ok-an-alert-is-sent',
    `of: system, whenever: 'violated("drift-ok")', then: 'kind == "alert.sent"', within: 1h`,
  ],
  [
    'prediction never decreases when pay_0 increases',
    'monotone-pay_0',
    `of: champion, forall: { x: accounts }, let: { y: "x.with({'pay_0': x.pay_0 + 1})" }, holds: champion(y).risk >= champion(x).risk`,
  ],
]

describe('a sentence becomes a clause', () => {
  it.each(UNDERSTOOD)('%s', (sentence, id, yaml) => {
    const proposal = proposalOf(sentence)
    const { value, diagnostics } = compile(sources(pasted(proposal)))
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
    const clause = value?.clauses.find((each) => each.id === id)
    expect(value?.clauses.map((each) => each.id)).toContain(id)
    const other = compile(
      sources(
        `${BASE}  ${id}: { ${yaml.replace('[young]', `[${clause?.slices[0]?.name}]`)} }\n`.replace(
          'slices:\n',
          'slices:\n  age_25: age < 25\n',
        ),
      ),
    )
    expect(clause?.digest).toBe(other.value?.clauses.find((each) => each.id === id)?.digest)
  })

  it.each(UNDERSTOOD)('read back in English it is the same clause: %s', (sentence, id) => {
    const proposal = proposalOf(sentence)
    const written = parseSpec(sources(pasted(proposal))).value?.clauses.get(id)
    if (written === undefined) throw new Error('It was not pasted.')
    const back = readClause(proposal.english)
    expect(back).toMatchObject({ ok: true })
    expect('value' in back ? back.value : undefined).toEqual(spokenOf(written))
  })

  it('shows a row that passes and one that fails', () => {
    const { rows } = proposalOf('The age shall be between 18 and 100')
    const age = (row: ReadonlyMap<string, unknown> | undefined) => Number(row?.get('age'))
    expect(age(rows?.passes)).toBeGreaterThanOrEqual(18)
    expect(age(rows?.passes)).toBeLessThanOrEqual(100)
    expect(age(rows?.fails) < 18 || age(rows?.fails) > 100).toBe(true)
    // Cells that are missing are found, too.
    expect(proposalOf('The iban shall never be missing').rows?.fails?.get('iban')).toBeNull()
    expect(proposalOf('The recall on test shall be at least 0.8').rows).toBeUndefined()
  })

  it('says what the sentence did not', () => {
    expect(proposalOf('The recall on test shall be at least 0.8').notes).toEqual([])
    expect(proposalOf('While income is above 100, the recall shall be at least 0.8').notes).toEqual([
      'It is asked of champion.test, which the sentence does not name.',
      'The slice `income_above_100` is new.',
    ])
  })

  it('gives an id that is free', () => {
    const { value } = parseSpec(sources(`${BASE}  present-age: { of: accounts, every: age != null }\n`))
    const found = value && propose('The age shall never be missing', value, sources(BASE))
    expect(found).toMatchObject({ kind: 'proposal', proposal: { yaml: expect.stringContaining('  present-age-2:') } })
  })
})

describe('a number that is not in the text is TODO', () => {
  it.each([
    ['The model shall have a high recall.', 'must: recall() >= TODO'],
    ['The calibration error shall be low', 'must: calibration_error() <= TODO'],
    ['The recall on test shall be good', 'must: recall() >= TODO'],
    ['The brier shall be acceptable', 'must: brier() <= TODO'],
    ['The row count shall be at least', 'must: count() >= TODO'],
    ['The missing rate of income shall be at most TBD', 'must: null_share(income) <= TODO'],
    ['The income shall be at most an acceptable value', 'every: income <= TODO'],
    ['The age shall be high', 'every: age >= TODO'],
  ])('%s', (sentence, condition) => {
    const proposal = proposalOf(sentence)
    expect(proposal.yaml).toContain(condition)
    expect(proposal.english).toContain('TODO')
    expect(proposal.rows).toBeUndefined()
    // The numbers in the clause are those of the text.
    expect(proposal.yaml.replace(/says:.*/, '').match(/(?<![\w.])\d[\d.]*/g) ?? []).toEqual([])
    // Pasted as it is, the compiler refuses it.
    const { diagnostics } = analyse(sources(pasted(proposal)))
    expect(
      diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => message)
        .join(),
    ).toContain('TODO')
  })
})

describe('what a metric is asked with is in the text, or TODO', () => {
  it.each([
    ['The lift shall be at least 2', 'must: lift(TODO) >= 2'],
    ['The lift in the top 10 % shall be high', 'must: lift(0.1) >= TODO'],
    ['The precision in the top TBD shall be at least 0.5', 'must: top_precision(TODO) >= 0.5'],
    ['The expected cost shall be at most 0.5', "must: 'expected_cost(TODO, TODO) <= 0.5'"],
    ['The expected cost with 10 per false negative shall be low', "must: 'expected_cost(TODO, 10) <= TODO'"],
  ])('%s', (sentence, line) => {
    const proposal = proposalOf(sentence)
    expect(proposal.yaml).toContain(line)
    expect(proposal.english).toContain('TODO')
    const said = new Set(sentence.match(/\d+(?:\.\d+)?/g))
    const numbers = line.match(/\d+(?:\.\d+)?/g) ?? []
    expect(numbers.filter((number) => !said.has(number) && !said.has(String(Number(number) * 100)))).toEqual([])
  })
})

describe('every word is read', () => {
  // Whatever stands between fences is the author's own.
  const plain = UNDERSTOOD.map(([sentence]) => sentence)

  it('a word of no language, anywhere, is named', () => {
    assert(
      property(constantFrom(...plain), nat(), (sentence, at) => {
        const words = sentence.split(' ')
        const where = at % (words.length + 1)
        const found = proposed([...words.slice(0, where), 'zyxwv', ...words.slice(where)].join(' '))
        expect(found.kind).toBe('not-understood')
      }),
      { numRuns: 60 },
    )
  })

  it('any text, and any order of words, gives a proposal or says why not', () => {
    const word = constantFrom(
      ...plain.flatMap((sentence) => sentence.split(' ')),
      '`',
      '"',
      '/',
      '%',
      '{',
      '😀',
      '\ud800',
    )
    const text = oneof(
      string({ unit: 'grapheme' }),
      array(word, { maxLength: 25 }).map((words) => words.join(' ')),
    )
    assert(
      property(text, (sentence) => {
        const found = proposed(sentence)
        expect(found.kind === 'proposal' ? found.proposal.yaml : found.why).not.toBe('')
      }),
      { numRuns: 80 },
    )
  })

  it('every number of a clause is one of the sentence', () => {
    const decimal = integer({ min: 1, max: 9_999 }).map((n) => n / 10_000)
    const bound = constantFrom('at least', 'at most', 'above', 'below', 'no more than', 'no less than')
    const subject = constantFrom('recall', 'F1 score', 'share of default', 'missing rate of iban', 'mean of age')
    const rows = constantFrom('', ' on test', ' for each sex', ' for the young')
    assert(
      property(subject, bound, decimal, boolean(), rows, (about, words, value, percent, where) => {
        const text = percent ? `${Number((value * 100).toFixed(2))} %` : String(value)
        const { yaml, english } = proposalOf(`The ${about} shall be ${words} ${text}${where}.`)
        const numbers = yaml
          .replace(/says:.*/, '')
          .match(/(?<![\w.])\d[\d.]*/g)
          ?.map(Number)
        expect(numbers).toEqual([value])
        expect(readClause(english)).toMatchObject({ ok: true })
      }),
      { numRuns: 60 },
    )
  })
})
