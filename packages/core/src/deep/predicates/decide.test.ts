import { expect, test } from 'vitest'
import type { EveryClause } from '../../clause/clause.ts'
import type { RecordValue, Value } from '../../expr/value.ts'
import { createRandom } from '../../stats/prng.ts'
import { type Asked, askedBy } from '../asked.ts'
import { createDecider } from './decide.ts'
import { meets, onRow } from '../confirm.ts'
import { compiledSpec } from '../../testing/compiled-spec.ts'

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

function askedOf(conditions: readonly string[], missing?: string) {
  const clauses = conditions.map(
    (each, i) =>
      `  k${i}: { says: One., of: rows, missing: ${missing ?? pick(['fail', 'pass'])}, every: '${each.replaceAll("'", "''")}' }`,
  )
  const text = `plumbline: 1\nsystem: { name: s, version: 1.0.0, purpose: A test. }\ndata:\n  rows:\n    source: rows.csv\n    columns:${COLUMNS}\nclauses:\n${clauses.join('\n')}\n`
  const value = compiledSpec(text)
  return value.clauses
    .filter((clause): clause is EveryClause => clause.form === 'every' && clause.id.startsWith('k'))
    .flatMap(askedBy)
}

const decided = (asked: readonly Asked[], start?: RecordValue) => createDecider(asked, start).loosely(asked)
const randomRow = (): RecordValue => new Map(Object.entries(CELLS).map(([name, cells]) => [name, pick(cells)]))

test('of comparisons with constants what is shown is so of every row tried, and nothing is left open', () => {
  const counts = { satisfiable: 0, unsatisfiable: 0, open: 0 }
  for (let i = 0; i < 300; i++) {
    const asked = askedOf(Array.from({ length: 2 + random.int(4) }, () => condition(2)))
    const found = decided(asked, i % 2 === 0 ? undefined : randomRow())
    counts[found?.kind ?? 'open']++
    const met = (row: RecordValue, of: readonly Asked[] = asked): boolean =>
      of.every(({ demand }) => meets(demand, onRow(row)))
    const words = asked.map(({ demand }) => demand.expr)
    if (found?.kind === 'satisfiable') expect(met(found.row), JSON.stringify(words)).toBe(true)
    if (found?.kind !== 'unsatisfiable') continue
    for (let n = 0; n < 200; n++) {
      const row = randomRow()
      expect(met(row, found.core), JSON.stringify([words, [...row].map(String)])).toBe(false)
    }
  }
  expect(counts.satisfiable, JSON.stringify(counts)).toBeGreaterThan(50)
  expect(counts.unsatisfiable, JSON.stringify(counts)).toBeGreaterThan(20)
  expect(counts.open, JSON.stringify(counts)).toBe(0)
})

const MORE = [
  () => `whole ${pick(['<', '<=', '>', '==', '!='])} ${pick(['int(real)', 'whole * 2', '3 - whole'])}`,
  () => `double(whole) ${pick(['<', '>=', '=='])} real`,
  () => `double(whole) ${pick(['<', '>=', '=='])} ${pick(['0.0', '1.5'])}`,
  () => `real + 1.0 > ${pick(['0.0', '2.0'])}`,
  () => `10 / whole > ${pick(['0', '4'])}`,
  () => `size(word) ${pick(['<', '>=', '=='])} ${random.int(3)}`,
  () => `word.${pick(['startsWith', 'endsWith', 'contains'])}("${pick(['a', 'b', 'ab'])}")`,
  () => 'word.matches("^a")',
  () => `(whole > 0 ? real : ${pick(['1.0', 'real + 1.0'])}) > 0.5`,
]

test('of any conditions no row tried meets what is shown to be met by none, and rows that are found do', () => {
  const counts = { satisfiable: 0, unsatisfiable: 0, open: 0 }
  const some = (): string => (random.int(3) === 0 ? atom() : pick(MORE)())
  for (let i = 0; i < 400; i++) {
    const parts = Array.from({ length: 3 + random.int(5) }, () =>
      pick([some, () => `!(${some()})`, () => `(${some()} || ${some()})`, () => `(${some()} && ${some()})`])(),
    )
    const all = askedOf(parts)
    // As a clause is asked about: the others hold, it does not.
    const [first, ...others] = all
    const asked = [...others, { ...first, demand: { ...first?.demand, holds: false } }] as readonly Asked[]
    const start = randomRow()
    const decider = createDecider(all, start)
    const met = (row: RecordValue, of: readonly Asked[]): boolean => of.every(({ demand }) => meets(demand, onRow(row)))
    const onCells = decider.onCells(asked)
    for (const found of [decider.loosely(asked), onCells === 'none' ? undefined : onCells]) {
      counts[found?.kind ?? 'open']++
      if (found?.kind === 'satisfiable') expect(met(found.row, asked), parts.join(' ; ')).toBe(true)
      if (found?.kind !== 'unsatisfiable') continue
      for (let n = 0; n < 200; n++) {
        const row = randomRow()
        expect(met(row, found.core), `${parts.join(' ; ')} on ${JSON.stringify([...row].map(String))}`).toBe(false)
      }
    }
  }
  expect(counts.satisfiable, JSON.stringify(counts)).toBeGreaterThan(40)
  expect(counts.unsatisfiable, JSON.stringify(counts)).toBeGreaterThan(10)
})

test.each([
  ['a sum that is compared twice', ['whole + 1 < 0', 'whole + 1 > 0'], 'unsatisfiable'],
  ['cells in two orders', ['whole < int(real)', 'int(real) <= whole'], 'unsatisfiable'],
  ['the same pattern, denied', ['word.matches("a")', '!word.matches("a")'], 'unsatisfiable'],
  ['lengths', ['size(word) >= 3', 'size(word) < 3'], 'unsatisfiable'],
  ['a sum beside its column', ['whole + 1 < 0', 'whole > 0'], undefined],
  ['a length beside its text', ['size(word) == 1', 'word == "ab"'], undefined],
])('what two conditions say of %s', (_, conditions, kind) => {
  expect(decided(askedOf(conditions, 'fail'))?.kind).toBe(kind)
})

test.each([
  [['word.startsWith("ab")', 'word.endsWith("zz")', 'word.contains("mid")', 'size(word) >= 12']],
  [['!word.startsWith("a")', 'word.contains("x")', '!word.contains("y")', 'size(word) == 7']],
])('texts are made that meet %s', (conditions) => {
  const asked = askedOf(conditions, 'fail')
  expect(createDecider(asked).onCells(asked)).toMatchObject({ kind: 'satisfiable' })
})

test('an interval between neighbours is empty, one with a number between them is not', () => {
  const kind = (...conditions: readonly string[]) => decided(askedOf([...conditions, 'has(real)', 'has(whole)']))?.kind
  expect(kind('whole > 1', 'whole < 2')).toBe('unsatisfiable')
  expect(kind('whole > 1', 'whole < 3')).toBe('satisfiable')
  expect(kind('whole > 1.5', 'whole < 2.5')).toBe('satisfiable')
  expect(kind('whole > 2.25', 'whole < 2.75')).toBe('unsatisfiable')
  expect(kind('real > 0.0', 'real < 4.9e-324')).toBe('unsatisfiable')
  expect(kind('real > 1.7976931348623157e308')).toBe('satisfiable')
  expect(kind('whole > 9223372036854775807')).toBe('unsatisfiable')
})

test('where not all cases can be looked at, it does not go through them', () => {
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
  expect(decided(asked)?.kind).toBe('unsatisfiable')
})
