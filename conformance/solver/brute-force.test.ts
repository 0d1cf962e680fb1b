import { compile, type Clause, evaluate, type EveryClause, type RecordValue } from '@plumbline/core'
import { analyseConditions, type Finding, type Move } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'

const solver = createSolver()
afterAll(() => solver.close())

const COLUMNS = ['a', 'b', 'c'] as const
const GREATEST = 4
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'brute-force')
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

/** Conditions on three small numbers, a few of them against one another. */
function condition(): string {
  const [column, other] = [pick(COLUMNS), pick(COLUMNS)]
  const bound = random.int(GREATEST + 1)
  const simple = `${column} ${pick(['<', '<=', '>', '>=', '==', '!='])} ${bound}`
  switch (random.int(6)) {
    case 0:
      return `${column} + ${other} ${pick(['<=', '>='])} ${bound + 2}`
    case 1:
      return `${column} ${pick(['<', '<=', '!='])} ${other}`
    case 2:
      return `!(${simple}) || ${other} > ${bound}`
    case 3:
      return `${column} % 2 == ${random.int(2)}`
    default:
      return simple
  }
}

function specOf(conditions: readonly string[]): string {
  const columns = COLUMNS.map((name) => `      ${name}: { type: integer, range: [0, ${GREATEST}] }`).join('\n')
  const clauses = conditions.map((each, i) => `  k${i}: { says: One., of: rows, every: "${each}" }`).join('\n')
  return `plumbline: 1\nsystem: { name: s, version: 1.0.0, purpose: A test. }\ndata:\n  rows:\n    source: rows.csv\n    columns:\n${columns}\nclauses:\n${clauses}\n`
}

/** Every row of the domain, and rows in which a cell is missing or beyond it. */
const ROWS: readonly RecordValue[] = [-1, ...Array.from({ length: GREATEST + 2 }, (_, i) => i), null].flatMap((a) =>
  [-1, 0, 1, 2, 3, 4, 5, null].flatMap((b) =>
    [-1, 0, 1, 2, 3, 4, 5, null].map((c) => {
      const cell = (value: number | null) => (value === null ? null : BigInt(value))
      return new Map([
        ['a', cell(a)],
        ['b', cell(b)],
        ['c', cell(c)],
      ])
    }),
  ),
)

const rowConditions = (clauses: readonly Clause[]): readonly EveryClause[] =>
  clauses.filter((clause): clause is EveryClause => clause.form === 'every' && clause.condition.kind === 'expr')

/** Whether a row fails a clause, as the language says it. */
function passes(clause: EveryClause, row: RecordValue): boolean {
  if (clause.condition.kind !== 'expr') return true
  const value = evaluate(clause.condition.expr, { row })
  if (typeof value === 'object' && 'error' in value) return clause.missing !== 'fail' && value.error === 'missing'
  return value === true
}

const possible = (clauses: readonly EveryClause[]): boolean =>
  ROWS.some((row) => clauses.every((clause) => passes(clause, row)))

test('what is found in small domains is so, and nothing is missed', async () => {
  const counts: Record<Finding['kind'] | 'specs', number> = {
    specs: 0,
    contradiction: 0,
    redundant: 0,
    vacuous: 0,
    'empty-slice': 0,
    'impossible-metrics': 0,
  }
  for (let i = 0; i < 20; i++) {
    const conditions = Array.from({ length: 3 + random.int(3) }, condition)
    const text = specOf(conditions)
    const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    if (value === undefined) throw new Error(text)
    const { findings, undecided } = await analyseConditions(value, { solver, limits: { milliseconds: 60_000 } })
    expect(undecided, text).toBe(0)
    counts.specs++
    const all = rowConditions(value.clauses)
    const conflicts = findings.filter((finding) => finding.kind === 'contradiction')
    expect(conflicts.length > 0, text).toBe(!possible(all))
    for (const finding of findings) {
      counts[finding.kind]++
      if (finding.kind === 'contradiction') {
        expect(possible(finding.clauses), text).toBe(false)
        for (const each of finding.clauses)
          expect(possible(finding.clauses.filter((other) => other !== each)), `${each.id} of ${text}`).toBe(true)
      } else if (finding.kind === 'redundant') {
        const fails = ROWS.some(
          (row) =>
            finding.by.every((clause) => passes(clause as EveryClause, row)) &&
            !passes(finding.clause as EveryClause, row),
        )
        expect(fails, `${finding.clause.id} of ${text}`).toBe(false)
      }
    }
    if (conflicts.length > 0) continue
    // What follows from all others is found, unless it was needed for what was found before it.
    const superfluous = new Set(findings.flatMap((finding) => ('clause' in finding ? [finding.clause] : [])))
    const kept = all.filter((clause) => !superfluous.has(clause))
    for (const clause of kept.filter(({ origin }) => origin === 'authored')) {
      const others = kept.filter((other) => other !== clause)
      const fails = ROWS.some((row) => others.every((other) => passes(other, row)) && !passes(clause, row))
      expect(fails, `${clause.id} follows: ${text}`).toBe(true)
    }
  }
  expect(counts.contradiction, JSON.stringify(counts)).toBeGreaterThan(1)
  expect(counts.redundant, JSON.stringify(counts)).toBeGreaterThan(1)
})

test('a repair is the nearest number with which there is a row', async () => {
  let repaired = 0
  for (let i = 0; i < 12; i++) {
    const [low, high] = [2 + random.int(3), random.int(2)]
    const text = specOf([`a >= ${low}`, `b <= ${high}`, `a <= b + ${random.int(2)}`])
    const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    if (value === undefined) throw new Error(text)
    const { findings } = await analyseConditions(value, { solver, limits: { milliseconds: 60_000 } })
    const [finding] = findings
    if (finding?.kind !== 'contradiction' || finding.repair === undefined) continue
    repaired++
    const [move, ...others] = finding.repair.moves
    expect(others, text).toEqual([])
    if (move === undefined) continue
    const { name, from, to } = move
    const put = (bound: number): boolean => {
      const moved = text.replace(new RegExp(`(${name}: .*[<>]= )${from.value}"`), `$1${bound}"`)
      expect(moved !== text || bound === Number(from.value), name).toBe(true)
      return possible(
        rowConditions(compile({ main: { path: 'plumb.yaml', text: moved }, others: [] }).value?.clauses ?? []),
      )
    }
    expect(put(Number(to.value)), text).toBe(true)
    const toward = Number(to.value) > Number(from.value) ? -1 : 1
    expect(put(Number(to.value) + toward), text).toBe(false)
  }
  expect(repaired).toBeGreaterThan(3)
})

const startOf = ({ at }: Move['from']): number => at?.[0] ?? 0

const SIDES = ['a', 'b', 'a + b'] as const

interface Atom {
  readonly side: (typeof SIDES)[number]
  readonly op: '<=' | '>='
  readonly bound: number
}

/** Whether two whole numbers and their sum can lie where the atoms put them. */
function isPossible(atoms: readonly Atom[]): boolean {
  const range = (side: Atom['side']): readonly [number, number] => {
    const own = atoms.filter((atom) => atom.side === side)
    const of = (op: Atom['op']): readonly number[] => own.filter((atom) => atom.op === op).map(({ bound }) => bound)
    return [Math.max(-Infinity, ...of('>=')), Math.min(Infinity, ...of('<='))]
  }
  const [[a, A], [b, B], [low, high]] = [range('a'), range('b'), range('a + b')]
  return a <= A && b <= B && low <= high && a + b <= high && A + B >= low
}

/** The least total distance over all places of the bounds among small numbers. */
function leastDistance(atoms: readonly Atom[]): number {
  const distance = (from: number, to: number): number => Math.abs(to - from) / Math.max(1, Math.abs(from))
  let least = Infinity
  const place = (i: number, placed: readonly Atom[], so: number): void => {
    if (so >= least) return
    const atom = atoms[i]
    if (atom === undefined) {
      if (isPossible(placed)) least = so
      return
    }
    for (let bound = -3; bound <= 14; bound++)
      place(i + 1, [...placed, { ...atom, bound }], so + distance(atom.bound, bound))
  }
  place(0, [], 0)
  return least
}

test('where several bounds have to move together, they move least in total', async () => {
  const found = { one: 0, several: 0 }
  for (let i = 0; i < Number(process.env['PLUMB_FUZZ_REPAIRS'] ?? 10); i++) {
    const atom = (op: Atom['op'], side = pick(SIDES)): Atom => ({
      side,
      op,
      bound: op === '>=' ? 4 + random.int(5) : random.int(4),
    })
    const [first, second] = [pick(SIDES), pick(SIDES)]
    const clauses: readonly (readonly Atom[])[] = [
      [atom('>=', first), atom('>=', second)],
      [atom('<=', first), atom('<=', second)],
      ...(random.int(2) === 0 ? [] : [[atom(pick(['<=', '>=']))]]),
    ]
    const written = clauses.map((atoms) => atoms.map(({ side, op, bound }) => `${side} ${op} ${bound}`).join(' && '))
    const lines = written.map((each, k) => `  k${k}: { says: One., of: rows, every: "${each}" }`)
    const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data: { rows: { source: rows.csv, columns: { a: { type: integer }, b: { type: integer } } } }
clauses:\n${lines.join('\n')}\n`
    const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    if (value === undefined) throw new Error(text)
    const { findings } = await analyseConditions(value, { solver, limits: { milliseconds: 60_000 } })
    for (const finding of findings) {
      if (finding.kind !== 'contradiction') continue
      const atoms = finding.clauses.flatMap(({ id }) => clauses[Number(id.slice(1))] ?? [])
      const { repair } = finding
      if (repair === undefined) throw new Error(`no repair: ${text}`)
      if (repair.moves.length > 1) found.several++
      else found.one++
      const least = leastDistance(atoms)
      // Several bounds are moved where that is worth it: by a fiftieth less than one.
      expect(repair.distance, text).toBeGreaterThanOrEqual(least - 1e-9)
      expect(repair.distance, text).toBeLessThanOrEqual(least / 0.98 + 1e-9)
      const kept = written.map((line, k) => {
        const own = repair.moves.filter(({ name }) => name === `k${k}`)
        const placed = own.toSorted((x, y) => startOf(y.from) - startOf(x.from))
        const moved = placed.reduce((now, { from, to }) => {
          const start = startOf(from)
          return `${now.slice(0, start)}${to.value}${now.slice(start + String(from.value).length)}`
        }, line)
        return moved.split(' && ').map((part): Atom => {
          const [, side, op, bound] = /^(a|b|a \+ b) (<=|>=) (-?\d+)$/.exec(part) ?? []
          return { side: side as Atom['side'], op: op as Atom['op'], bound: Number(bound) }
        })
      })
      expect(isPossible(finding.clauses.flatMap(({ id }) => kept[Number(id.slice(1))] ?? [])), text).toBe(true)
    }
  }
  expect(found.one, JSON.stringify(found)).toBeGreaterThan(1)
  expect(found.several, JSON.stringify(found)).toBeGreaterThan(1)
})
