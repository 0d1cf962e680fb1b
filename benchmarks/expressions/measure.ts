// The measured process: each clause on the same rows, in turns: compiled here, by hand, by two evaluators of CEL.
// Arguments: passes over the rows per round, rounds. The evaluators get fewer passes, since they take far longer.
import { celEnv, parse, plan } from '@bufbuild/cel'
import { Environment } from '@marcbachmann/cel-js'
import { BOOL, checkRow, parseExpression, type RelationInfo } from '@plumbline/core'
import { compileEvaluators } from '../../packages/core/dist/targets/javascript/index.js'
import { BY_HAND } from './by-hand.ts'
import { type BenchRow, CLAUSES, COLUMNS, INTS, makeRows } from './clauses.ts'

const [passes = 200, rounds = 9] = process.argv.slice(2).map(Number)
const relation: RelationInfo = {
  name: 'rows',
  kind: 'data',
  columns: new Map(COLUMNS.map((each) => [each.name, each])),
}
const place = { span: (start: number, end: number) => ({ file: 'expression', start, end }) }
const exprs = CLAUSES.map(({ every }) => {
  const syntax = parseExpression(every, place).value
  const expr = syntax && checkRow(syntax, { scope: 'row', relation }, place, BOOL).value
  if (expr === undefined) throw new Error(`Not an expression: ${every}`)
  return expr
})
const text = compileEvaluators(exprs)
const ours = (
  (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { evaluate: ((row: BenchRow) => unknown)[] }
).evaluate

// To the evaluators an int is a bigint; that their rows are made so beforehand is no part of the measure.
const rows = makeRows(4096)
const celRows = rows.map((row) =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, INTS.has(name) ? BigInt(cell) : cell])),
)
const environment = COLUMNS.reduce((env, { name, type }) => env.registerVariable(name, type.kind), new Environment())
const bachmann = CLAUSES.map(({ cel }) => environment.parse(cel))
const env = celEnv()
const bufbuild = CLAUSES.map(({ cel }) => plan(env, parse(cel)))

/** What is measured: how many rows satisfy the clause, so that the work cannot be left out. */
type Count = (rows: readonly object[], test: (row: never) => unknown) => number

/** A loop of its own for each side and clause: one loop for all would call what it does not know, and level the sides. */
async function loopOf(side: string, clause: number): Promise<Count> {
  const code = `// ${side} ${clause}
export const count = (rows, test) => {
  let n = 0
  for (let i = 0; i < rows.length; i++) if (test(rows[i]) === true) n++
  return n
}`
  return ((await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { readonly count: Count }).count
}

interface Side {
  readonly passes: number
  readonly rows: readonly object[]
  readonly tests: readonly ((row: never) => unknown)[]
}
const sides: Readonly<Record<string, Side>> = {
  ours: { passes, rows, tests: ours },
  hand: { passes, rows, tests: BY_HAND },
  bachmann: { passes: Math.ceil(passes / 40), rows: celRows, tests: bachmann },
  bufbuild: { passes: Math.ceil(passes / 200), rows: celRows, tests: bufbuild },
}
const loops = new Map<string, Count>()
for (const name of Object.keys(sides))
  for (const clause of CLAUSES.keys()) loops.set(`${name} ${clause}`, await loopOf(name, clause))

const nsPerRow: Record<string, number[][]> = Object.fromEntries(
  Object.keys(sides).map((side) => [side, CLAUSES.map(() => [])]),
)
for (let round = -2; round < rounds; round++) {
  for (let clause = 0; clause < CLAUSES.length; clause++) {
    const order = Object.entries(sides)
    // Each round begins with another side; the first two only warm up.
    for (let i = 0; i < order.length; i++) {
      const [name, side] = order[(i + round + 3) % order.length] as [string, Side]
      const loop = loops.get(`${name} ${clause}`) as Count
      const test = side.tests[clause] as (row: never) => unknown
      const before = process.threadCpuUsage()
      for (let pass = 0; pass < side.passes; pass++) loop(side.rows, test)
      const { user, system } = process.threadCpuUsage(before)
      if (round >= 0) nsPerRow[name]?.[clause]?.push(((user + system) * 1000) / (side.passes * side.rows.length))
    }
  }
}

// Missing cells, edges of both kinds of numbers: the code by hand keeps the same rules, or the comparison is not fair.
const edges = [null, undefined, Number.NaN, Infinity, -0, 0, 1e308, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n)]
for (const row of rows.slice(0, 50)) {
  for (const name of Object.keys(row)) {
    for (const edge of edges) {
      if (typeof edge === 'bigint' && !INTS.has(name)) continue
      if (
        typeof edge === 'number' &&
        (typeof row[name as keyof BenchRow] === 'string' || (INTS.has(name) && !Number.isSafeInteger(edge)))
      )
        continue
      const odd = { ...row, [name]: edge } as BenchRow
      CLAUSES.forEach(({ every }, i) => {
        const [own, hand] = [ours[i]?.(odd), BY_HAND[i]?.(odd)].map((answer) => JSON.stringify(answer))
        if (own !== hand) throw new Error(`${every} on ${name} = ${String(edge)}: ${own}, by hand ${hand}`)
      })
    }
  }
}
process.stdout.write(JSON.stringify({ nsPerRow }))
