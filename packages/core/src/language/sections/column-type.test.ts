import { expect, test } from 'vitest'
import { compile } from '../../compile.ts'

function checked(columns: string, clauses: readonly string[] = [], more = '') {
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  docs:
    source: docs.parquet
    columns:
${columns}
${more}clauses:
${clauses.map((each, i) => `  c${i}: { says: One., of: docs, ${each} }`).join('\n')}
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return {
    program: value,
    codes: errors.map(({ code }) => code),
    messages: errors.map(({ message, fix }) => `${message} ${fix ?? ''}`),
  }
}

const LISTS = `      tags: { type: list(text) }
      scores: { type: list(number), range: [0, 1], optional: true }
      emb: { type: vector(3) }
      n: { type: integer }`

test('lists and vectors are types; their ranges and lengths are contracts', () => {
  const { program, codes } = checked(LISTS, ["every: 'size(tags) < 5'"])
  expect(codes).toEqual([])
  expect(program?.datasets[0]?.columns.map(({ type, length }) => [type, length])).toEqual([
    [{ kind: 'list', element: { kind: 'string' } }, undefined],
    [{ kind: 'list', element: { kind: 'double' } }, undefined],
    [{ kind: 'list', element: { kind: 'double' } }, 3],
    [{ kind: 'int' }, undefined],
  ])
  const texts = program?.clauses.flatMap((clause) =>
    clause.form === 'every' && clause.condition.kind === 'expr' ? [`${clause.id}: ${clause.condition.text}`] : [],
  )
  expect(texts).toContain('docs.scores.range: scores.all(x, x >= 0 && x <= 1)')
  expect(texts).toContain('docs.emb.length: size(emb) == 3')
})

test.each([
  'every: \'"a" in tags || tags.exists(t, t.startsWith("b"))\'',
  "every: 'scores.all(s, s <= double(n) / 10.0)', missing: exclude",
  "every: 'emb.exists_one(x, x > 0.5) && emb[0] < 1.0'",
  "every: 'emb.all(i, x, i == 0 || x >= emb[i - 1])'",
  "every: '1 in scores', missing: pass",
  "every: 'tags != null && !has(scores)'",
  "must: 'mean(size(tags)) >= 1.0 && null_share(scores) < 0.5'",
  "must: 'share(emb.all(x, x < 1.0)) > 0.9'",
])('%s', (clause) => {
  expect(checked(LISTS, [clause]).messages).toEqual([])
})

test.each([
  ['every: \'tags == ["a"]\'', 'check/not-in-sql'],
  ["every: 'tags.map(t, size(t)).all(n2, n2 < 3)'", 'check/not-in-sql'],
  ["every: 'tags.filter(t, size(t) > 1).size() < 3'", 'check/not-in-sql'],
  ["every: 'tags < 3'", 'expr/type-mismatch'],
  ["every: 'n in tags'", 'expr/type-mismatch'],
  ["must: 'mean(scores) > 0.5'", 'expr/type-mismatch'],
  ["must: 'distinct(tags) > 1'", 'expr/column-type'],
  ["must: 'psi(scores, docs) < 0.1'", 'expr/column-type'],
])('%s is a mistake: %s', (clause, code) => {
  expect(checked(LISTS, [clause]).codes).toEqual([code])
})

test.each([
  ['{ type: list(text), role: key }', 'check/not-for-type'],
  ['{ type: list(text), protected: true }', 'check/not-for-type'],
  ['{ type: list(text), values: [a, b] }', 'check/not-for-type'],
  ['{ type: list(text), range: [0, 1] }', 'check/not-for-type'],
  ['{ type: list(number), unit: year }', 'check/unit-of-no-number'],
  ['{ type: list }', 'language/not-one-of'],
  ['{ type: vector }', 'language/not-one-of'],
  ['{ type: vector(0) }', 'language/not-one-of'],
  ['{ type: list(list(text)) }', 'language/not-one-of'],
])('a column %s is a mistake: %s', (column, code) => {
  expect(checked(`      n: { type: integer }\n      c: ${column}`, ["every: 'n > 0'"]).codes).toContain(code)
})

test('a model reads no lists', () => {
  const model = `models:
  champion: { artifact: m.onnx, task: regression, input: { from: docs, columns: [n, emb] }, outputs: { y: { type: number } } }
`
  const { codes, messages } = checked(LISTS, ["every: 'n > 0'"], model)
  expect(codes).toEqual(['check/not-for-type'])
  expect(messages[0]).toContain('emb')
})
