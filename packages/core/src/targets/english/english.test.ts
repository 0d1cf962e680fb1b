import { expect, test } from 'vitest'
import { parseExpression, printSyntax } from '../../expr/index.ts'
import { readClause } from './read-clause.ts'
import { readExpression } from './read.ts'
import { speakClause } from './speak-clause.ts'
import { speak } from './speak.ts'

const place = { span: (start: number, end: number) => ({ file: 'test', start, end }) }

function syntaxOf(text: string) {
  const { value } = parseExpression(text, place)
  if (value === undefined) throw new Error(text)
  return value
}

function roundTrip(text: string): string {
  const said = speak(syntaxOf(text))
  const read = readExpression(said)
  return read.ok ? printSyntax(read.value) : `${said}: ${read.problem}`
}

test.each([
  ['age >= 18 && age < 100', '`age` is at least 18 and `age` is less than 100'],
  ['(a || b) && !c', '(`a` or `b`) and not `c`'],
  ['bill <= 2.0 * limit', '`bill` is at most 2.0 times `limit`'],
  ['pay == null || pay != null', '`pay` is missing or `pay` is there'],
  ['status in [1, 2]', '`status` is one of [1, 2]'],
  ['name.startsWith("C")', '`name` starts with "C"'],
  [
    'roc_auc() >= roc_auc(champion) - 0.005',
    'the area under the ROC curve is at least the area under the ROC curve of `champion` minus 0.005',
  ],
  [
    'max_over(columns, psi(column, accounts.train)) < 0.1',
    'the greatest over `columns` of the population stability index of `column` against `accounts.train` is less than 0.1',
  ],
  ['ratio_across(sex, recall()) >= 0.75', 'the ratio across `sex` of the recall is at least 0.75'],
  ['share(amount > 1000.0) < 0.3', 'the share of rows where (`amount` is greater than 1000.0) is less than 0.3'],
  ['champion(y).risk >= champion(x).risk', '`champion`(`y`) its `risk` is at least `champion`(`x`) its `risk`'],
  ['a ? b : c ? d : e', 'if `a` then `b` otherwise if `c` then `d` otherwise `e`'],
  ['row["odd name"] > -3', 'the column "odd name" is greater than minus 3'],
  ['tags.all(x, size(x) <= 10)', 'for every `x` of `tags`: the length of `x` is at most 10'],
  [
    'ok && (emb.exists(i, x, x > 0.5 && i > 0) || late)',
    '`ok` and ((for some `i` and `x` of `emb`: `x` is greater than 0.5 and `i` is greater than 0) or `late`)',
  ],
  ['x.size() > 1', 'the size of `x` is greater than 1'],
  ['[a, b].exists_one(x, x == 1)', 'for exactly one `x` of [`a`, `b`]: `x` equals 1'],
  ['math.abs(a - b) < 1', 'the absolute value of (`a` minus `b`) is less than 1'],
  ['math.log(a) < 1', '`math.log`(`a`) is less than 1'],
  ['math.greatest(a, math.floor(b)) < 1', 'the greater of `a` and the whole number at or below `b` is less than 1'],
  ['dose <= weight * q(-40, "mg/kg")', '`dose` is at most `weight` times the quantity (minus 40) in "mg/kg"'],
  ['cel.bind(d, q(4, "h"), d > a)', 'let `d` be the quantity 4 in "h" in `d` is greater than `a`'],
  ['double(a * b) / 2.0 > 1.0', 'the decimal number (`a` times `b`) divided by 2.0 is greater than 1.0'],
  [
    'string(int(a)).trim() == b.substring(0, 2)',
    'the trimmed text of the text of the whole number `a` equals the part of `b` from 0 to 2',
  ],
  [
    'cel.bind(d, a - b, d > 1 || d < -1)',
    'let `d` be `a` minus `b` in `d` is greater than 1 or `d` is less than minus 1',
  ],
  ['at.getHours() < 18', 'the hours of `at` is less than 18'],
  ['a.b.all(x, y, z, w)', '`a.b` its `all`(`x`, `y`, `z`, `w`)'],
  ['a.all(row["x"], y)', '`a` its `all`(the column "x", `y`)'],
  ['{1: a.all(x, x)}', '{1: for every `x` of `a`: `x`}'],
  ['f(a.all(x, x), b)', '`f`(for every `x` of `a`: `x`, `b`)'],
])('%s', (text, said) => {
  expect(speak(syntaxOf(text))).toBe(said)
  expect(roundTrip(text)).toBe(printSyntax(syntaxOf(text)))
})

test('what is not of the grammar is refused in words, whatever it is', () => {
  for (const text of [
    '',
    'the',
    '`a` is',
    '`a` is at least',
    '(',
    '`a` `b`',
    '#',
    '`a.`',
    '1 2',
    'the mean of',
    'if `a`',
    '[1,',
    '"open',
  ])
    expect(readExpression(text), text).toMatchObject({ ok: false, problem: expect.stringMatching(/\w/) })
  expect(readExpression(`${'('.repeat(5000)}1`)).toMatchObject({ ok: false, problem: expect.stringContaining('deep') })
  expect(readExpression(`${'not '.repeat(5000)}true`)).toMatchObject({ ok: false })
  expect(readExpression('the mean of '.repeat(200))).toMatchObject({ ok: false })
})

test('names that are no plain words come back in clauses', () => {
  const slices = ['young', 'by a b', 'by a&b', 'by é & by "q". `x` and', 'by sex & big-limits']
  const common = { of: ['t'], slices, severity: 'block', allowEmpty: false } as const
  const every = { ...common, form: 'every', condition: 'row["a b"] == 1', missing: 'fail' } as const
  const must = {
    ...common,
    form: 'must',
    condition: 'roc_auc() > 0.5',
    sample: false,
    cluster: 'a b',
    weights: 'é',
  } as const
  for (const clause of [every, must]) {
    const read = readClause(speakClause(clause) ?? '')
    expect(read.ok ? read.value : read.problem).toEqual(clause)
  }
})
