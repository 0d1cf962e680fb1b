import { compile, type EveryClause, evaluate, type RecordValue } from '@plumbline/core'
import { type ChangeKind, compareSpecsWithSolver } from '@plumbline/core/change'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'change-by-brute-force')
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

/** A comparison of two small numbers in one of the forms that bounds alone do not decide. */
function condition(): string {
  const [a, b] = [pick(['a', 'b']), pick(['a', 'b'])]
  const bound = random.int(4)
  return pick([
    `${a} * ${b} <= ${bound}`,
    `${a} * ${a} ${pick(['<=', '<', '=='])} ${bound * bound}`,
    `${a} ${pick(['<=', '<'])} ${b}`,
    `${a} + ${b} <= ${bound}`,
    `${b} % 2 == 0 && ${a} <= ${bound}`,
    `${a} <= ${bound} && ${a} >= -${bound}`,
  ])
}

const MISSING = ['fail', 'pass', 'exclude'] as const

interface Asked {
  readonly text: string
  readonly missing: (typeof MISSING)[number]
}

const specOf = ({ text, missing }: Asked): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data: { rows: { source: rows.csv, columns: { a: { type: integer, optional: true }, b: { type: integer, optional: true } } } }
clauses: { k: { says: One., of: rows, every: "${text}", missing: ${missing} } }
`

const CELLS = [...Array.from({ length: 25 }, (_, i) => BigInt(i - 12)), null]
const ROWS: readonly RecordValue[] = CELLS.flatMap((a) =>
  CELLS.map(
    (b) =>
      new Map([
        ['a', a],
        ['b', b],
      ]),
  ),
)

/** Fails (0), is left out (1) or passes (2), as the language says it. */
function grade(clause: EveryClause, row: RecordValue): number {
  if (clause.condition.kind !== 'expr') throw new Error('no condition')
  const value = evaluate(clause.condition.expr, { row })
  if (value === true) return 2
  const isMissing = typeof value === 'object' && 'error' in value && value.error === 'missing'
  return isMissing ? { fail: 0, exclude: 1, pass: 2 }[clause.missing] : 0
}

test('what is said of two conditions is so on every small row, and what differs there is told apart', async () => {
  const counts: Partial<Record<ChangeKind, number>> = {}
  for (let i = 0; i < Number(process.env['PLUMB_FUZZ_CHANGES'] ?? 60); i++) {
    const [before, after] = [0, 1].map(() => ({ text: condition(), missing: pick(MISSING) })) as [Asked, Asked]
    const [old, now] = [before, after].map((asked) => {
      const { value } = compile({ main: { path: 'plumb.yaml', text: specOf(asked) }, others: [] })
      const clause = value?.clauses.find(({ id }) => id === 'k')
      if (value === undefined || clause?.form !== 'every') throw new Error(specOf(asked))
      return { program: value, clause }
    }) as [{ program: never; clause: EveryClause }, { program: never; clause: EveryClause }]
    const { changes } = await compareSpecsWithSolver(old.program, now.program, {
      solver,
      limits: { milliseconds: 30_000 },
    })
    const kind = changes.find(({ id }) => id === 'k')?.kind ?? 'unchanged'
    counts[kind] = (counts[kind] ?? 0) + 1
    const signs = new Set(ROWS.map((row) => Math.sign(grade(now.clause, row) - grade(old.clause, row))))
    const [gains, loses] = [signs.has(1), signs.has(-1)]
    const text = `${JSON.stringify(before)} → ${JSON.stringify(after)}`
    // Conditions of this kind that differ anywhere differ on a small row, overflow apart.
    const expected = gains ? (loses ? 'incomparable' : 'weakened') : loses ? 'strengthened' : 'same'
    const found = kind === 'reworded' || kind === 'unchanged' ? 'same' : kind
    expect(found, text).toBe(expected)
  }
  for (const kind of ['weakened', 'strengthened', 'incomparable'] as const)
    expect(counts[kind], JSON.stringify(counts)).toBeGreaterThan(2)
})
