import { describe, expect, it } from 'vitest'
import * as catalog from '../../diagnostics/catalog/expr.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { printExpr } from '../print/typed.ts'
import { binderEnvironment, place, relationEnvironment, rowEnvironment } from '../testing/accounts.ts'
import { BOOL } from '../type.ts'
import { readBinder, readRow } from './check.ts'
import { readMust } from './must/must.ts'

type Scope = 'row' | 'binder' | 'event' | `must ${string}` | `clustered ${string}` | `weighed ${string}`

function findings(scope: Scope, text: string): readonly Diagnostic[] {
  if (scope.startsWith('weighed '))
    return readMust(text, relationEnvironment(scope.slice('weighed '.length), { weights: 'age' }), place).diagnostics
  if (scope.startsWith('clustered '))
    return readMust(text, relationEnvironment(scope.slice('clustered '.length), { cluster: 'age' }), place).diagnostics
  if (scope === 'row') return readRow(text, rowEnvironment(), place).diagnostics
  if (scope === 'event') return readRow(text, rowEnvironment('accounts', ['population-stable']), place).diagnostics
  if (scope === 'binder') return readBinder(text, binderEnvironment(), place, BOOL).diagnostics
  return readMust(text, relationEnvironment(scope.slice('must '.length)), place).diagnostics
}

/** Each finding with where it begins; every code of the catalog is made at least once. */
const WRONG: readonly (readonly [scope: Scope, text: string, code: string])[] = [
  ['row', '', 'expr/empty@0'],
  ['row', 'age >', 'expr/syntax@5'],
  ['row', 'age ~ 1', 'expr/unexpected-character@4'],
  ['row', 'age = 1', 'expr/equals-sign@4'],
  ['row', 'active or active', 'expr/word-operator@7'],
  ['row', 'active | active', 'expr/single-operator@7'],
  ['row', 'age > 5%', 'expr/percent-literal@6'],
  ['row', 'age > 5y', 'expr/unit-literal@6'],
  ['row', 'age > 5_', 'expr/malformed-number@6'],
  ['row', 'age > 99999999999999999999', 'expr/number-range@6'],
  ['row', 'age > 9223372036854775808', 'expr/number-range@6'],
  ['row', 'name == "a', 'expr/unterminated-string@8'],
  ['row', 'name == "\\z"', 'expr/bad-escape@9'],
  ['row', 'name == "\udc00"', 'expr/not-unicode@8'],
  ['row', 'while > 1', 'expr/reserved-word@0'],
  ['row', 'name == b"a"', 'expr/type-mismatch@0'],
  ['row', `${'('.repeat(300)}age`, 'expr/too-large@256'],
  ['row', '1 < age <= 2', 'expr/chained-comparison@0'],
  // names
  ['row', 'agee > 1', 'expr/unknown-column@0'],
  ['row', 'row["agee"] > 1', 'expr/unknown-column@4'],
  ['row', 'risk > 0.5', 'expr/unknown-column@0'],
  ['row', '__proto__ > 1', 'expr/unknown-column@0'],
  ['row', 'age.year > 1', 'expr/no-fields@4'],
  ['row', 'opened.getMonth > 1', 'expr/no-fields@7'],
  ['row', 'constructor(age)', 'expr/unknown-function@0'],
  ['row', 'name.strip() == ""', 'expr/unknown-function@5'],
  ['row', 'math.log(age) > 1', 'expr/unknown-function@0'],
  ['row', 'contains(name, "a")', 'expr/unknown-function@0'],
  ['row', 'age.string() == ""', 'expr/unknown-function@4'],
  ['row', 'x[0]', 'expr/unsupported@0'],
  ['row', 'name.contains()', 'expr/argument-count@0'],
  ['row', 'opened.getHours("UTC", 1) == 1', 'expr/argument-count@0'],
  ['row', 'has(age, name)', 'expr/argument-count@0'],
  ['row', 'violated("population-stable")', 'expr/verdict-scope@0'],
  ['event', 'violated("population-stabel")', 'expr/unknown-clause@9'],
  ['event', 'violated(name)', 'expr/argument-count@0'],
  // types
  ['row', 'age + 1.5 > 1', 'expr/mixed-types@0'],
  ['row', 'math.greatest(age, limit_bal) > 1', 'expr/mixed-types@0'],
  ['row', 'age == name', 'expr/type-mismatch@0'],
  ['row', 'age && active', 'expr/type-mismatch@0'],
  ['row', '!age', 'expr/type-mismatch@1'],
  ['row', '-name == ""', 'expr/type-mismatch@1'],
  ['row', 'limit_bal % 2.0 == 0.0', 'expr/type-mismatch@0'],
  ['row', 'opened + opened > opened', 'expr/type-mismatch@0'],
  ['row', 'age ? active : active', 'expr/type-mismatch@0'],
  ['row', '(active ? age : name) == 1', 'expr/type-mismatch@1'],
  ['row', 'size(age) == 1', 'expr/type-mismatch@0'],
  ['row', 'age.matches("a")', 'expr/type-mismatch@0'],
  ['row', 'opened > "2024-01-01"', 'expr/type-mismatch@0'],
  ['row', '-sex == 1', 'expr/category-arithmetic@0'],
  ['row', 'double(sex) > 1.0', 'expr/category-arithmetic@7'],
  ['row', '(active ? 1 : sex) + 1 > 1', 'expr/category-arithmetic@1'],
  ['row', 'status + "x" == "openx"', 'expr/category-arithmetic@0'],
  ['row', 'status < "open"', 'expr/category-order@0'],
  ['row', 'sex == 3', 'expr/undeclared-value@7'],
  ['row', '3 != sex', 'expr/undeclared-value@0'],
  ['row', 'sex in [1, 3]', 'expr/undeclared-value@11'],
  ['row', 'sex == 1.5', 'expr/undeclared-value@7'],
  ['row', 'label(sex) == "mail"', 'expr/mistyped-value@14'],
  ['row', 'label(sex) == "divers"', 'expr/undeclared-value@14'],
  ['row', 'label(age) == "x"', 'expr/no-labels@6'],
  ['row', 'label(status) == "x"', 'expr/no-labels@6'],
  ['row', 'null', 'expr/null-value@0'],
  ['row', 'age < null', 'expr/null-value@0'],
  ['row', 'null == null', 'expr/not-a-cell@0'],
  ['row', 'has(age + 1)', 'expr/not-a-cell@4'],
  ['row', 'age in age', 'expr/in-list@7'],
  ['row', 'age in [age, limit_bal]', 'expr/in-list@7'],
  ['row', 'age in [name]', 'expr/in-list@8'],
  ['row', 'age in ["a"]', 'expr/in-list@8'],
  ['row', 'age in [1, null]', 'expr/in-list@11'],
  ['row', 'name.matches(note)', 'expr/pattern-literal@13'],
  ['row', 'name.matches("(")', 'expr/bad-pattern@13'],
  ['row', 'name.matches("(a)\\\\1")', 'expr/bad-pattern@13'],
  ['row', `name.matches("${'a'.repeat(1001)}")`, 'expr/bad-pattern@13'],
  ['row', 'name.matches("((a{1000}){1000}){1000}")', 'expr/bad-pattern@13'],
  ['row', 'name.matches(r"(?<n>a)")', 'expr/bad-pattern@13'],
  ['row', 'name.matches(r"\\pL{1000}")', 'expr/bad-pattern@13'],
  ['row', 'name.matches(r"\\C")', 'expr/bad-pattern@13'],
  ['row', 'opened > timestamp("yesterday")', 'expr/time-literal@19'],
  ['row', 'opened > timestamp(name)', 'expr/time-literal@19'],
  ['row', 'closed - opened > duration("1ns")', 'expr/time-literal@27'],
  ['row', 'age % 0 == 1', 'expr/division-by-zero@6'],
  ['row', 'limit_bal / -0.0 > 1.0', 'expr/division-by-zero@12'],
  ['row', 'name', 'expr/wrong-result@0'],
  ['row', '[1, 2] == age', 'expr/type-mismatch@0'],
  ['row', 'age + 1u > 1', 'expr/type-mismatch@0'],
  ['row', '[1].all(age, age > 0)', 'expr/shadowed-variable@8'],
  ['row', '[1].all(x, x)', 'expr/type-mismatch@0'],
  ['row', '[1].all(x.y, x > 0)', 'expr/unsupported@8'],
  ['row', 'age.all(x, x > 0)', 'expr/unsupported@0'],
  ['row', '{"a": 1}.b.c == 1', 'expr/no-fields@11'],
  ['binder', '[1].all(d, champion(x).risk > 0.5)', 'expr/unsupported@11'],
  // whole relations
  ['row', 'mean(age) > 1.0', 'expr/aggregate-in-row@0'],
  ['row', 'max_over(columns, 1) > 1', 'expr/aggregate-in-row@0'],
  ['must accounts', 'mean(mean(age)) > 1.0', 'expr/nested-aggregate@5'],
  ['must accounts', 'age > 1', 'expr/bare-column@0'],
  ['must accounts', 'row["weird name"] > 1', 'expr/bare-column@0'],
  ['must accounts', 'champion > 1', 'expr/not-a-number@0'],
  ['must accounts', 'accounts.train > 1', 'expr/not-a-number@0'],
  ['must accounts', 'nothing > 1', 'expr/unknown-name@0'],
  ['must accounts', 'count()', 'expr/not-a-condition@0'],
  ['must accounts', 'true', 'expr/not-a-condition@0'],
  ['must accounts', 'count() > 1 ? count() > 2 : count() > 3', 'expr/not-a-condition@0'],
  ['must accounts', 'count() in [1]', 'expr/not-a-condition@0'],
  ['must accounts', '(count() > 1) == true', 'expr/not-a-condition@1'],
  ['must accounts', '1 < 2', 'expr/constant-comparison@0'],
  ['must accounts', 'count() == null', 'expr/null-value@0'],
  ['must champion.test', 'share(active) == 0.5', 'expr/estimate-equality@0'],
  ['must accounts', 'psi(age, accounts.train) != 0.0', 'expr/estimate-equality@0'],
  ['must accounts', 'share(active) > 1.5', 'expr/impossible-threshold@16'],
  ['must accounts', '-1 < stddev(age)', 'expr/impossible-threshold@0'],
  ['must accounts', 'recall() > 0.5', 'expr/metric-needs@0'],
  ['must bare.test', 'roc_auc() > 0.5', 'expr/metric-needs@0'],
  ['must bare.test', 'positive_rate() > 0.5', 'expr/metric-needs@0'],
  ['must release', 'roc_auc() > 0.5', 'expr/metric-needs@0'],
  ['must champion.test', 'latency_ms(0.99) < 50', 'expr/timing-needs@0'],
  ['must requests', 'latency_ms(0.99) < 50', 'expr/timing-needs@0'],
  ['must release', 'latency_ms(0.99, champion) < 50', 'expr/timing-needs@0'],
  ['must champion.test', 'roc_auc(chmpion) > 0.5', 'expr/unknown-model@8'],
  ['clustered accounts', 'psi(sex, accounts.train) < 0.1', 'expr/not-clustered@0'],
  ['weighed accounts', 'psi(sex, accounts.train) < 0.1', 'expr/not-weighted@0'],
  // metrics of several classes
  ['must sorter.test', 'recall(3) > 0.5', 'expr/unknown-class@7'],
  ['must sorter.test', 'recall("1") > 0.5', 'expr/unknown-class@7'],
  ['must sorter.test', 'recall(age) > 0.5', 'expr/argument-kind@7'],
  ['must sorter.test', 'recall() > 0.5', 'expr/argument-count@0'],
  ['must sorter.test', 'confusion(1) > 0.5', 'expr/argument-count@0'],
  ['must sorter.test', 'roc_auc(2) > 0.5', 'expr/metric-needs@0'],
  ['must sorter.test', 'log_loss() < 0.5', 'expr/metric-needs@0'],
  ['must sorter.test', 'mae() < 0.5', 'expr/metric-needs@0'],
  ['must champion.test', 'f1_macro() > 0.5', 'expr/metric-needs@0'],
  ['must champion.test', 'confusion(1, 2) > 0.5', 'expr/metric-needs@0'],
  ['must champion.test', 'roc_auc("champion") > 0.5', 'expr/argument-kind@8'],
  ['must champion.test', 'recall(champion, 1) > 0.5', 'expr/argument-count@0'],
  ['must accounts', 'ks(sex, accounts.train) < 0.1', 'expr/column-type@3'],
  ['must accounts', 'psi(name, accounts.train) < 0.1', 'expr/column-type@4'],
  ['must accounts', 'psi(age + 1, accounts.train) < 0.1', 'expr/argument-kind@4'],
  ['must accounts', 'psi(age, other) < 0.1', 'expr/type-mismatch@4'],
  ['must accounts', 'psi(id, other) < 0.1', 'expr/unknown-column@4'],
  ['must accounts', 'psi(age, nowhere) < 0.1', 'expr/unknown-relation@9'],
  ['must accounts', 'psi(age, 1) < 0.1', 'expr/argument-kind@9'],
  ['must accounts', 'quantile(age, 90) < 1.0', 'expr/value-range@14'],
  ['must accounts', 'quantile(age, age) < 1.0', 'expr/argument-kind@14'],
  ['must accounts', 'mean(active) < 1.0', 'expr/type-mismatch@5'],
  ['must accounts', 'mean(sex) < 1.0', 'expr/category-arithmetic@5'],
  ['must accounts', 'max(sex) < 1', 'expr/category-order@4'],
  ['must accounts', 'share(age) < 1.0', 'expr/type-mismatch@6'],
  ['must accounts', 'duplicates() == 0', 'expr/argument-count@0'],
  ['must accounts', 'max_over(age, psi(column, accounts.train)) < 1.0', 'expr/macro-shape@0'],
  ['must accounts', 'max_over(columns, count()) < 1', 'expr/macro-shape@0'],
  ['must accounts', 'max_over(columns, max_over(columns, mean(column))) < 1.0', 'expr/macro-shape@18'],
  ['must accounts', 'all_over(columns, mean(column)) < 1.0', 'expr/macro-shape@0'],
  ['must accounts', 'ratio_across(sex, 0.5) < 1.0', 'expr/macro-shape@0'],
  ['must accounts', 'ratio_across(sex, ratio_across(sex, count())) < 1.0', 'expr/macro-shape@18'],
  ['must accounts', 'gap_across(age, mean(age)) < 1.0', 'expr/no-groups@11'],
  ['must accounts', 'max_over(columns, psi(column, other)) < 1.0', 'expr/no-columns@9'],
  ['must accounts', 'max_over(columns, correlation(column, agee)) < 1.0', 'expr/unknown-column@38'],
  ['must accounts', 'column > 1', 'expr/unknown-name@0'],
  ['must accounts', 'violated("a")', 'expr/verdict-scope@0'],
  ['must accounts', 'count() * 0.5 > 1.0', 'expr/mixed-types@0'],
  ['must accounts', 'has(age)', 'expr/unsupported@0'],
  // bound variables
  ['binder', 'age > 1', 'expr/unknown-name@0'],
  ['binder', 'x.agee > 1', 'expr/unknown-field@2'],
  ['binder', 'x.age.y > 1', 'expr/no-fields@6'],
  ['binder', 'x == y', 'expr/type-mismatch@0'],
  ['binder', 'x', 'expr/wrong-result@0'],
  ['binder', 'x.sex + 1 > 1', 'expr/category-arithmetic@0'],
  ['binder', "x.with({'agee': 1}).age > 1", 'expr/unknown-field@8'],
  ['binder', 'x.with({age: 1}).age > 1', 'expr/with-fields@8'],
  ['binder', "x.with({'age': 1, 'age': 2}).age > 1", 'expr/with-fields@18'],
  ['binder', "x.with({'age': 1.5}).age > 1", 'expr/type-mismatch@15'],
  ['binder', 'x.with(1).age > 1', 'expr/with-fields@7'],
  ['binder', 'champion(1).risk > 0.5', 'expr/model-input@9'],
  ['binder', 'champion(champion(x)).risk > 0.5', 'expr/model-input@9'],
  ['binder', 'champion(x, y).risk > 0.5', 'expr/argument-count@0'],
  ['binder', 'champio(x).risk > 0.5', 'expr/unknown-function@0'],
  ['binder', 'x[s] > 1', 'expr/unsupported@2'],
  ['binder', 'mean(x.age) > 1.0', 'expr/aggregate-in-row@0'],
]

/** Findings that leave an expression its meaning. */
const WARNINGS = new Set(['expr/undeclared-value'])

describe('findings', () => {
  it.each(WRONG)('%s: %s is %s', (scope, text, code) => {
    const found = findings(scope, text)
    expect(found.map((d) => `${d.code}@${d.span.start}`)).toEqual([code])
    for (const { message, why, severity } of found) {
      const expected = WARNINGS.has(code.split('@')[0] ?? '') ? 'warning' : 'error'
      expect([message.length > 0, why.length > 0, severity]).toEqual([true, true, expected])
      expect(message + why).not.toMatch(/undefined|\[object/)
    }
  })

  it('the table makes every finding of the catalog', () => {
    const declared = Object.values(catalog).map((kind) => kind.code)
    expect([...new Set(WRONG.map(([, , code]) => code.replace(/@.*/, '')))].sort()).toEqual(declared.sort())
  })
})

describe('binder scope', () => {
  it.each([
    [
      "x.with({'limit_bal': 1, \"weird name\": x['weird name'] + 1}).limit_bal > 1",
      'x.with({"limit_bal": 1.0, "weird name": x["weird name"] + 1}).limit_bal > 1.0',
    ],
    [
      "champion(x.with({'sex': s})).decision == champion(x).decision",
      'champion(x.with({"sex": s})).decision == champion(x).decision',
    ],
    ['has(x.pay_0) && x.sex == s', 'x.pay_0 != null && x.sex == s'],
  ])('%s → %s, which reads back as the same tree', (text, canonical) => {
    const { value, diagnostics } = readBinder(text, binderEnvironment(), place, BOOL)
    expect(diagnostics).toEqual([])
    expect(value === undefined ? undefined : printExpr(value)).toBe(canonical)
    const again = readBinder(canonical, binderEnvironment(), place, BOOL).value
    const plain = (expr: unknown): string => JSON.stringify(expr, (key, part) => (key === 'at' ? undefined : part))
    expect(plain(again)).toBe(plain(value))
  })
})

describe('row scope', () => {
  it.each([
    ['limit_bal > 1 && 2 * limit_bal > age', 'limit_bal > 1.0 && 2.0 * limit_bal > age'],
    ['age in [-1, 2.5]', 'age in [-1, 2.5]'],
    ['limit_bal in [1]', 'limit_bal in [1.0]'],
    ['age in [pay_0, 18]', '[pay_0, 18].exists(e, e == age)'],
    ['limit_bal in [1, bill_amt1]', '[1.0, bill_amt1].exists(e, e == limit_bal)'],
    ['[1].exists(e, age in [pay_0, e])', '[1].exists(e, [pay_0, e].exists(e1, e1 == age))'],
    ['(active ? limit_bal : 0) > 1', '(active ? limit_bal : 0.0) > 1.0'],
    ['int(age) == 1 && double(limit_bal) > 0', 'age == 1 && limit_bal > 0.0'],
    ['name.size() > 2 && matches(name, "a")', 'size(name) > 2 && name.matches("a")'],
    ['null != pay_0', 'pay_0 != null'],
    ['consent == true && !consent', 'consent == true && !consent'],
    ['sex == 1.0', 'sex == 1.0'],
    ['status in ["open"] && split == "train"', 'status in ["open"] && split == "train"'],
    ['math.greatest(1, 2.5, limit_bal) > 1', 'math.greatest(math.greatest(1.0, 2.5), limit_bal) > 1.0'],
    ['duration("1h30m") > duration("-1.5ms")', 'duration("90m") > duration("-0.0015s")'],
    ['name.matches(r"^[^a-z]{1,100}|(?P<n>\\pL+)")', 'name.matches("^[^a-z]{1,100}|(?P<n>\\\\pL+)")'],
    ['- - 5 == age', '5 == age'],
  ])('%s → %s', (text, canonical) => {
    const { value, diagnostics } = readRow(text, rowEnvironment(), place)
    expect(diagnostics).toEqual([])
    expect(value === undefined ? undefined : printExpr(value)).toBe(canonical)
  })

  it('does not depend on the order of columns, nor on names that objects have by themselves', () => {
    expect(findings('row', 'toString > 1').map((d) => d.code)).toEqual(['expr/unknown-column'])
    expect(findings('row', 'hasOwnProperty(age)').map((d) => d.code)).toEqual(['expr/unknown-function'])
    expect(findings('binder', 'x.constructor == 1').map((d) => d.code)).toEqual(['expr/unknown-field'])
  })

  it('reads verdicts of clauses in time clauses', () => {
    const { value } = readRow('violated("population-stable")', rowEnvironment('accounts', ['population-stable']), place)
    expect(value).toMatchObject({ node: 'verdict-of', clause: 'population-stable', is: 'violated' })
  })
})
