import { expect, test } from 'vitest'
import { createRandom } from '../stats/prng.ts'
import { askedRelations } from './asked.ts'
import { analyseConditions } from './conditions.ts'
import { meets, onRow } from './confirm.ts'
import { orderedCells } from './order.ts'
import { findRow } from './search.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const random = createRandom('plumbline', 'order')
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

function programOf(columns: readonly string[], type: string, conditions: readonly string[]) {
  const declared = columns.map((name) => `      ${name}: { type: ${type} }`)
  const clauses = conditions.map((each, i) => `  k${i}: { says: One., of: rows, every: ${each} }`)
  const text = `plumbline: 1\nsystem: { name: s, version: 1.0.0, purpose: A test. }\ndata:\n  rows:\n    source: rows.csv\n    columns:\n${declared.join('\n')}\nclauses:\n${clauses.join('\n')}\n`
  return compiledSpec(text)
}

const askedOf = (...of: Parameters<typeof programOf>) => askedRelations(programOf(...of))[0]?.asked ?? []

const NAMES = ['a', 'b', 'c', 'd']
/** Between bounds of 0 and 3 no other cells can be in an order. */
const ROWS = NAMES.reduce<readonly (readonly bigint[])[]>(
  (rows) => rows.flatMap((row) => [0n, 1n, 2n, 3n].map((cell) => [...row, cell])),
  [[]],
).map((row) => new Map(row.map((cell, i) => [NAMES[i] as string, cell])))

test('of conditions that only order cells, a row is found exactly where there is one', () => {
  const found = { some: 0, none: 0 }
  for (let i = 0; i < 150; i++) {
    const orders = Array.from({ length: 2 + random.int(4) }, () => {
      const [left, right] = [pick(NAMES), pick(NAMES)]
      return `${left} ${pick(['<', '<=', '>', '>=', '=='])} ${random.int(5) === 0 ? random.int(4) : right}`
    })
    const asked = askedOf(NAMES, 'integer', [...orders, ...NAMES.flatMap((name) => [`${name} >= 0`, `${name} <= 3`])])
    const isMet = ROWS.some((row) => asked.every(({ demand }) => meets(demand, onRow(row))))
    const cells = orderedCells(asked, true)
    // Nothing to order is no row.
    if (cells.size === NAMES.length)
      expect(
        asked.every(({ demand }) => meets(demand, onRow(cells))),
        orders.join(', '),
      ).toBe(isMet)
    expect(findRow(asked) !== undefined, orders.join(', ')).toBe(isMet)
    found[isMet ? 'some' : 'none']++
  }
  expect(found.some, JSON.stringify(found)).toBeGreaterThan(30)
  expect(found.none, JSON.stringify(found)).toBeGreaterThan(30)
})

test('numbers lie as close together as bounds ask for', () => {
  const asked = (bound: string) => askedOf(NAMES, 'number', ['a < b', 'b < c', 'c <= d', 'a >= 1.0', `d < ${bound}`])
  expect(findRow(asked('1.0000000000000007'))).toBeDefined()
  expect(findRow(asked('1.0000000000000004'))).toBeUndefined()
})

/** Of so many columns, each below the next. */
const CHAIN = Array.from({ length: 80 }, (_, i) => `c${i}`)
const CHAINED = CHAIN.slice(1).map((name, i) => `c${i} < ${name}`)

test.each(['integer', 'number', 'timestamp'])('a long chain of %s columns needs no solver', async (type) => {
  let questions = 0
  const solver = {
    check: () => {
      questions++
      return Promise.resolve({ kind: 'unknown', reason: 'incomplete', detail: 'it knows nothing' } as const)
    },
  }
  // In no order at all.
  const shuffled = CHAINED.map((each) => ({ each, at: random.uint32() })).toSorted((a, b) => a.at - b.at)
  const program = programOf(
    CHAIN,
    type,
    shuffled.map(({ each }) => each),
  )
  const { findings, undecided } = await analyseConditions(program, { solver, limits: { milliseconds: 1 } })
  expect([findings, undecided, questions]).toEqual([[], 0, 0])
})
