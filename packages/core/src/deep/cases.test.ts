import { expect, test } from 'vitest'
import type { EveryClause } from '../clause/clause.ts'
import type { RecordValue, Value } from '../expr/value.ts'
import { createRandom } from '../stats/prng.ts'
import { askedBy } from './asked.ts'
import { byCases } from './cases.ts'
import { meets, onRow } from './confirm.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const random = createRandom('plumbline', 'cases')
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

const COLUMNS = `
      whole: { type: integer, optional: true }
      real: { type: number, optional: true }
      word: { type: text, optional: true }
      sure: { type: boolean, optional: true }
      when: { type: timestamp, optional: true }`

/** What the conditions name, and what a row may hold: every constant and what lies close to it. */
const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  whole: ['-1', '0', '2', '1.5', '9223372036854775807'],
  real: ['-0.5', '0.0', '1.0', '2', '1.7976931348623157e308'],
  word: ['""', '"a"', '"ab"', '"😀"', '"\\uffff"'],
  when: ['timestamp("2024-03-31T01:00:00Z")', 'timestamp("2024-03-31T01:00:00.000001Z")'],
}
const CELLS: Readonly<Record<string, readonly (Value | null)[]>> = {
  whole: [-(2n ** 63n), -2n, -1n, 0n, 1n, 2n, 3n, 2n ** 63n - 2n, 2n ** 63n - 1n, null],
  real: [-Infinity, -0.5, -Number.MIN_VALUE, -0, 0, Number.MIN_VALUE, 0.5, 1, 1.5, 2, Number.MAX_VALUE, Infinity, null],
  word: ['', '\0', 'Z', 'a', 'a\0', 'aa', 'ab', 'b', '\uffff', '😀', '😀x', null],
  sure: [true, false, null],
  when: [
    ...[-1n, 0n, 1n, 2n].map((step) => ({ timestamp: 1_711_846_800_000_000n + step })),
    { timestamp: 0n },
    { timestamp: 4_000_000_000_000_000n },
    null,
  ],
}

function atom(): string {
  const name = pick(Object.keys(CELLS))
  if (name === 'sure') return 'sure'
  const constants = CONSTANTS[name] as readonly string[]
  switch (random.int(6)) {
    case 0:
      return `has(${name})`
    case 1:
      return `${name} == null`
    case 2:
      return `${pick(constants)} ${pick(['<', '<=', '==', '!='])} ${name}`
    case 3:
      if (name !== 'when') return `${name} in [${pick(constants)}, ${pick(constants)}]`
      return `${name} >= ${pick(constants)}`
    default:
      return `${name} ${pick(['<', '<=', '>', '>=', '==', '!='])} ${pick(constants)}`
  }
}

const condition = (depth: number): string =>
  depth === 0 || random.int(3) === 0
    ? atom()
    : pick([
        () => `(${condition(depth - 1)} && ${condition(depth - 1)})`,
        () => `(${condition(depth - 1)} || ${condition(depth - 1)})`,
        () => `!(${condition(depth - 1)})`,
        () => `(${condition(depth - 1)} ? ${condition(depth - 1)} : ${condition(depth - 1)})`,
      ])()

function askedOf(conditions: readonly string[]) {
  const clauses = conditions.map(
    (each, i) =>
      `  k${i}: { says: One., of: rows, missing: ${pick(['fail', 'pass'])}, every: '${each.replaceAll("'", "''")}' }`,
  )
  const text = `plumbline: 1\nsystem: { name: s, version: 1.0.0, purpose: A test. }\ndata:\n  rows:\n    source: rows.csv\n    columns:${COLUMNS}\nclauses:\n${clauses.join('\n')}\n`
  const value = compiledSpec(text)
  return value.clauses
    .filter((clause): clause is EveryClause => clause.form === 'every' && clause.id.startsWith('k'))
    .flatMap(askedBy)
}

test('what every case shows is so of every row tried, and hardly anything is left open', () => {
  const counts = { satisfiable: 0, unsatisfiable: 0, open: 0 }
  for (let i = 0; i < 300; i++) {
    const asked = askedOf(Array.from({ length: 2 + random.int(4) }, () => condition(2)))
    const cases = byCases(asked)
    counts[cases?.kind ?? 'open']++
    const met = (row: RecordValue): boolean => asked.every(({ demand }) => meets(demand, onRow(row)))
    const words = asked.map(({ demand }) => demand.expr)
    if (cases?.kind === 'satisfiable') expect(met(cases.row), JSON.stringify(words)).toBe(true)
    if (cases?.kind !== 'unsatisfiable') continue
    for (let n = 0; n < 200; n++) {
      const row = new Map(Object.entries(CELLS).map(([name, cells]) => [name, pick(cells)]))
      expect(met(row), JSON.stringify([words, [...row].map(String)])).toBe(false)
    }
  }
  expect(counts.satisfiable, JSON.stringify(counts)).toBeGreaterThan(50)
  expect(counts.unsatisfiable, JSON.stringify(counts)).toBeGreaterThan(20)
  expect(counts.open, JSON.stringify(counts)).toBeLessThan(30)
})

test.each([
  ['one cell beside another', ['whole < real', 'whole > real']],
  ['sums', ['whole + 1 < 0', 'whole > 0']],
  ['patterns', ['word.matches("a")', 'word == "b"']],
  ['lengths', ['size(word) == 1', 'word == "ab"']],
])('%s are left to the solver', (_, conditions) => {
  expect(byCases(askedOf(conditions))).toBeUndefined()
})

test('an interval between neighbours is empty, one with a number between them is not', () => {
  const kind = (...conditions: readonly string[]) => byCases(askedOf([...conditions, 'has(real)', 'has(whole)']))?.kind
  expect(kind('whole > 1', 'whole < 2')).toBe('unsatisfiable')
  expect(kind('whole > 1', 'whole < 3')).toBe('satisfiable')
  expect(kind('whole > 1.5', 'whole < 2.5')).toBe('satisfiable')
  expect(kind('whole > 2.25', 'whole < 2.75')).toBe('unsatisfiable')
  expect(kind('real > 0.0', 'real < 4.9e-324')).toBe('unsatisfiable')
  expect(kind('real > 1.7976931348623157e308')).toBe('satisfiable')
  expect(kind('whole > 9223372036854775807')).toBe('unsatisfiable')
})

test('where not all cases can be looked at, it gives up at once', () => {
  // Nothing is due at the first columns: all their combinations would be gone through after the last evaluation.
  const free = Array.from({ length: 24 }, (_, i) => `f${i}`)
  const last = ['a', 'b']
  const conditions = [
    ...free.map((name) => `${name} != 1`),
    'a in [1, 5, 9, 13] && b in [1, 5, 9, 13]',
    'a == b',
    'a != b',
  ]
  const written = conditions
    .map((each) =>
      each
        .replace('a == b', 'a == 1 && b == 1 || a == 5 && b == 5')
        .replace('a != b', 'a == 1 && b == 5 || a == 5 && b == 1'),
    )
    .map((each, i) => `  k${i}: { says: One., of: rows, every: '${each}' }`)
  const columns = [...free, ...last].map((name) => `\n      ${name}: { type: integer }`).join('')
  const text = `plumbline: 1\nsystem: { name: s, version: 1.0.0, purpose: A test. }\ndata:\n  rows:\n    source: rows.csv\n    columns:${columns}\nclauses:\n${written.join('\n')}\n`
  const asked = compiledSpec(text)
    .clauses.filter((clause): clause is EveryClause => clause.form === 'every' && clause.id.startsWith('k'))
    .flatMap(askedBy)
  expect(byCases(asked)).toBeUndefined()
})
