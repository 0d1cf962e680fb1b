import { compare, type Implementation, minimise } from '@plumbline/core'
import { createSolver, smtImplementation } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { smtFunctions } from '../../../packages/core/src/targets/smt/functions/index.ts'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { createExpressionGenerator } from '../expressions.ts'
import { generateGroup } from '../group.ts'
import { columns } from '../compare.ts'

const solver = createSolver()
afterAll(() => solver.close())

/** Expressions that are asked; more for longer runs. */
const EXPRESSIONS = Number(process.env['PLUMB_FUZZ_ENCODINGS'] ?? '12')

/** Random expressions on random rows, asked of one implementation. */
async function run(implementation: Implementation, seed: string, count: number) {
  const random = createRandom(seed, 'encodings')
  const generator = createExpressionGenerator(random)
  const distinct = new Set<string>()
  const found = { answered: 0, undecided: 0, disagreements: [] as string[] }
  for (let asked = 0; asked < count; asked += 12) {
    const { exprs, rows } = generateGroup(random, generator, distinct)
    const few = rows.slice(0, 24).map(({ cells }) => cells)
    const { tallies, disagreements } = await compare({ columns, exprs: exprs.slice(0, 12), rows: few }, [
      implementation,
    ])
    for (const { asked, undecided } of tallies) {
      found.answered += asked['smt'] ?? 0
      found.undecided += undecided['smt'] ?? 0
    }
    const [first] = disagreements
    if (first === undefined) continue
    const small = await minimise(first, [implementation])
    found.disagreements.push(JSON.stringify([small.expr, [...small.row].map(String)]))
  }
  return found
}

test('with the cells given, what the reference says is allowed by every encoding', async () => {
  const implementation = smtImplementation(solver, { milliseconds: 2_000 })
  const { answered, undecided, disagreements } = await run(
    implementation,
    process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline',
    EXPRESSIONS,
  )
  expect(disagreements).toEqual([])
  expect(answered, `${undecided} undecided`).toBeGreaterThan(4 * undecided)
  expect(answered).toBeGreaterThan(10 * EXPRESSIONS)
})

test('an encoding that rules out a row there is, is found', async () => {
  const { le_int: right } = smtFunctions
  const table = smtFunctions as unknown as Record<string, unknown>
  table['le_int'] = smtFunctions.lt_int
  try {
    const column = { node: 'column', name: 'i', type: { kind: 'int' } } as const
    const three = { node: 'literal', type: { kind: 'int' }, value: '3' } as const
    const expr = { node: 'call', fn: 'le_int', args: [column, three], type: { kind: 'bool' } } as const
    const rows = [2n, 3n, 4n, null].map((cell) => new Map([['i', cell]]))
    const { disagreements } = await compare({ columns: [{ name: 'i', kind: 'int' }], exprs: [expr], rows }, [
      smtImplementation(solver, { milliseconds: 20_000 }),
    ])
    expect(disagreements.map(({ row }) => row.get('i'))).toEqual([3n])
  } finally {
    table['le_int'] = right
  }
})
