import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '@plumbline/core'
import { expect, test } from 'vitest'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name)

/** The clauses of a spec as the waist holds them; digests and places are left out, they have tests of their own. */
function clausesOf(name: string): string {
  const text = readFileSync(join(import.meta.dirname, name, 'spec.plumb.yaml'), 'utf8')
  const value = compiledSpec(text)
  const keep = (key: string, item: unknown): unknown =>
    key === 'at' || key === 'digest' || key === 'place' ? undefined : item
  // Contracts come with every spec; two cases show them.
  const whole = name === 'contracts' || name === 'release'
  const shown = value.clauses.filter(({ origin }) => whole || origin === 'authored' || origin === 'built-in')
  return `${JSON.stringify(shown, keep, 1)}\n`
}

test.each(cases)('%s', (name) => {
  const golden = join(import.meta.dirname, name, 'clauses.json')
  const found = clausesOf(name)
  if (process.env['PLUMB_UPDATE'] === '1') writeFileSync(golden, found)
  expect(found).toBe(readFileSync(golden, 'utf8'))
})

test('the digest of a clause covers what it asks and nothing else', () => {
  const text = readFileSync(join(import.meta.dirname, 'slices', 'spec.plumb.yaml'), 'utf8')
  const digest = (changed: string): string | undefined =>
    compile({ main: { path: 'spec.plumb.yaml', text: changed }, others: [] }).value?.clauses.find(
      (c) => c.id === 'share-of-defaults',
    )?.digest
  const now = digest(text)
  expect(now).toMatch(/^sha256:/)
  for (const [from, to] of [
    ['Few default.', 'Not many default.'],
    ['severity: warn', 'severity: block'],
    ['share(default) <= 0.3', 'share(default)   <= 0.30'],
  ]) {
    expect(text).toContain(from)
    expect(digest(text.replace(from ?? '', to ?? '')), `${from} → ${to}`).toBe(now)
  }
  for (const [from, to] of [
    ['0.3', '0.31'],
    ['99%', '95%'],
    ['age < 25', 'age < 26'],
    ['all, young, by sex', 'all, young'],
    ['2: female', '2: female, 3: other'],
    ['split == "test"', 'split != "train"'],
  ]) {
    expect(text).toContain(from)
    expect(digest(text.replace(from ?? '', to ?? '')), `${from} → ${to}`).not.toBe(now)
  }
})

test('the digest of a clause covers how its data is read, and the measure of its inputs', () => {
  const text = readFileSync(join(import.meta.dirname, 'forall', 'spec.plumb.yaml'), 'utf8')
    .replace('source: accounts.csv', 'source: { path: accounts.csv, null_values: ["?"] }')
    .concat(
      '  mostly-low: { of: champion, forall: { x: accounts }, holds: champion(x).risk < 0.9, mostly: 90%, over: accounts.test }\n',
    )
  const digest = (changed: string): string | undefined =>
    compile({ main: { path: 'spec.plumb.yaml', text: changed }, others: [] }).value?.clauses.find(
      (c) => c.id === 'mostly-low',
    )?.digest
  const now = digest(text)
  expect(now).toMatch(/^sha256:/)
  expect(digest(text.replace('path: accounts.csv', 'path: moved.csv')), 'the bytes have digests of their own').toBe(now)
  for (const [from, to] of [
    ['null_values: ["?"]', 'null_values: ["-"]'],
    ['null_values: ["?"]', 'delimiter: ";"'],
    ['over: accounts.test', 'over: accounts.train'],
    ['split == "test"', 'split != "train"'],
  ]) {
    expect(text).toContain(from)
    expect(digest(text.replace(from ?? '', to ?? '')), `${from} → ${to}`).not.toBe(now)
  }
})

test('a forall is bound to every model whose answers it asks for', () => {
  const text = readFileSync(join(import.meta.dirname, 'roles', 'spec.plumb.yaml'), 'utf8').concat(
    '  as-before: { of: champion, forall: { x: accounts }, holds: challenger(x).risk <= champion(x).risk + 0.1 }\n',
    '  near-card: { of: champion, forall: { x: accounts }, let: { s: scorecard(x) }, holds: champion(x).risk <= s.risk + 0.1 }\n',
  )
  const clauses = compile({ main: { path: 'spec.plumb.yaml', text }, others: [] }).value?.clauses
  const models = (id: string) => clauses?.find((c) => c.id === id)?.models
  expect(models('as-before')).toEqual(['champion', 'challenger'])
  expect(models('near-card')).toEqual(['champion', 'scorecard'])
})

test('`columns` leaves out the label a model names, and what is key, label or split in any relation named', () => {
  const text = `plumbline: 1
system: { name: columns, version: 1.0.0 }
data:
  now: { source: now.csv, columns: { id: { type: integer }, age: { type: integer }, paid: { type: boolean } } }
  before: { source: before.csv, key: [id], columns: { id: { type: integer }, age: { type: integer }, paid: { type: boolean } } }
models:
  champion: { artifact: m.onnx, input: { from: now, columns: [age] }, outputs: { risk: { type: number } }, label: paid, decision: risk >= 0.5 }
clauses:
  alike: { of: now, must: "max_over(columns, psi(column, before)) < 0.1" }
  answered-alike: { of: champion, must: "max_over(columns, psi(column, before)) < 0.1" }
`
  const { value, diagnostics } = compile({ main: { path: 'spec.plumb.yaml', text }, others: [] })
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  for (const id of ['alike', 'answered-alike']) {
    const clause = value?.clauses.find((c) => c.id === id)
    expect(clause?.form === 'must' ? clause.must.columns : undefined, id).toEqual({ included: ['age'], skipped: [] })
  }
})

test('parameters stand for their values in expressions, also those given on the command line, and are in the digest', () => {
  const text = `plumbline: 1
system: { name: params, version: 1.0.0 }
params: { least: 18, floor: -0.5, kind: "a", strict: true }
data:
  accounts:
    source: accounts.csv
    splits: { test: note == kind }
    columns: { age: { type: integer, range: [0, 100] }, note: { type: text }, score: { type: number } }
slices: { grown: age >= least }
models:
  champion: { artifact: m.onnx, input: { from: accounts, columns: [age] }, outputs: { risk: { type: number } } }
clauses:
  row: { of: accounts.test, every: age >= least || !strict, slices: [grown] }
  relation: { of: accounts, must: mean(score) >= floor }
  binder: { of: champion, forall: { x: accounts }, holds: champion(x).risk >= floor * double(least) }
`
  const clause = (id: string, params: Readonly<Record<string, string>> = {}) =>
    compile({ main: { path: 'spec.plumb.yaml', text }, others: [] }, params).value?.clauses.find((c) => c.id === id)
  for (const id of ['row', 'relation', 'binder']) {
    expect(clause(id)?.digest, id).toMatch(/^sha256:/)
    expect(clause(id, { least: '21', floor: '-1' })?.digest, id).not.toBe(clause(id)?.digest)
    expect(clause(id, { least: '18', floor: '-0.50' })?.digest, id).toBe(clause(id)?.digest)
  }
  expect(clause('relation')).toMatchObject({ must: { comparisons: [{ right: { node: 'literal', value: -0.5 } }] } })
  expect(clause('row', { kind: 'b' })?.digest, 'the split reads it').not.toBe(clause('row')?.digest)
  expect(clause('binder', { kind: 'b' })?.digest).toBe(clause('binder')?.digest)
  const refused = compile({ main: { path: 'spec.plumb.yaml', text }, others: [] }, { least: 'many' })
  expect(refused.diagnostics.map((d) => d.code)).toContain('language/param-value')
  const shadowing = compile({
    main: { path: 'spec.plumb.yaml', text: text.replace('least: 18', 'age: 18') },
    others: [],
  })
  expect(shadowing.diagnostics.map((d) => d.code)).toContain('check/shadowed-name')
})

test('slices joined by & are the rows in all of them', () => {
  const text = readFileSync(join(import.meta.dirname, 'roles', 'spec.plumb.yaml'), 'utf8').concat(
    '  joined: { of: champion.test, must: roc_auc() >= 0.7, slices: [young & by sex, by sex & by default, all & young] }\n',
    'slices: { young: age < 25 }\n',
  )
  const { value, diagnostics } = compile({ main: { path: 'spec.plumb.yaml', text }, others: [] })
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  const slices = value?.clauses.find((c) => c.id === 'joined')?.slices ?? []
  expect(slices.map((s) => s.name)).toEqual([
    'young & sex=1',
    'young & sex=2',
    'sex=1 & default=true',
    'sex=1 & default=false',
    'sex=2 & default=true',
    'sex=2 & default=false',
    'young',
  ])
  expect(slices[1]?.condition).toMatchObject({ node: 'and', args: [{ fn: 'lt_int' }, { fn: 'eq_int' }] })
  const wrong = compile({
    main: { path: 'spec.plumb.yaml', text: text.replace('young & by', 'yuong & by') },
    others: [],
  })
  const errors = wrong.diagnostics.filter((d) => d.severity === 'error')
  expect(errors.map((d) => d.message)).toEqual(['There is no slice `yuong`.'])
})
