import { expect, test } from 'vitest'
import { createRandom } from '../stats/prng.ts'
import { render, type Term } from '../targets/smt/term.ts'
import { smt, symbol } from '../targets/smt/term.ts'
import { agreementBeside } from './agreement.ts'

type Value = number | boolean
type Node = string | readonly Node[]

function parse(text: string): Node {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? []
  let at = 0
  const read = (): Node => {
    const token = tokens[at++] as string
    if (token !== '(') return token
    const parts: Node[] = []
    while (tokens[at] !== ')') parts.push(read())
    at++
    return parts
  }
  return read()
}

/** The few operations of SMT-LIB that are written, on numbers. */
function evaluate(node: Node, cells: Readonly<Record<string, number>>): Value {
  if (typeof node === 'string') return cells[node] ?? (node === 'true' || Number(node))
  const [op, ...args] = node as readonly [string, ...Node[]]
  if (op === 'or') return args.some((arg) => evaluate(arg, cells))
  if (op === 'and') return args.every((arg) => evaluate(arg, cells))
  const [a = 0, ...rest] = args.map((arg) => Number(evaluate(arg, cells)))
  const [b = 0] = rest
  switch (op) {
    case '+':
      return rest.reduce((sum, each) => sum + each, a)
    case '-':
      return rest.length === 0 ? -a : a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '<=':
      return a <= b
    case '>=':
      return a >= b
    default:
      throw new Error(op)
  }
}

const random = createRandom('plumbline', 'agreement')

test('what is said of the cells is true of every decision that meets the comparison, and of few others where labels are counted', () => {
  const NAMES = ['tp', 'fp', 'fn', 'tn'] as const
  const [tp, fp, fn, tn] = NAMES.map((name) => symbol(name)) as [Term, Term, Term, Term]
  const said = { follows: 0, beyond: 0, denied: 0 }
  for (let i = 0; i < 3_000; i++) {
    const weights = NAMES.map(() => (random.int(5) === 0 ? 0 : random.float() ** 3))
    const total = weights.reduce((a, b) => a + b, 0)
    const [a = 0, b = 0, c = 0, d = 0] = weights.map((each) => each / total)
    const cells = { tp: a, fp: b, fn: c, tn: d }
    const values = {
      mcc: (a * d - b * c) / Math.sqrt((a + b) * (a + c) * (d + b) * (d + c)),
      kappa: (2 * (a * d - b * c)) / ((a + b) * (b + d) + (a + c) * (c + d)),
    }
    for (const name of ['mcc', 'kappa'] as const)
      for (const prevalence of [undefined, a + c])
        for (const op of ['>=', '<='] as const) {
          const constant = (random.int(41) - 20) / 20
          const value = values[name]
          if (Number.isNaN(value) || a + c <= 0 || a + c >= 1) continue
          const term = agreementBeside(name, op, constant, {
            truePositive: tp,
            falsePositive: fp,
            falseNegative: fn,
            trueNegative: tn,
            rows: smt`1.0`,
            prevalence,
            define: (each) => each,
          })
          const isMet = op === '>=' ? value >= constant : value <= constant
          const isSaid = term === undefined || evaluate(parse(render(term)), cells) === true
          if (isMet) {
            expect(isSaid, `${name} ${value} ${op} ${constant} of ${JSON.stringify(cells)}`).toBe(true)
            said.follows++
          } else if (prevalence !== undefined && Math.abs(value - constant) > 0.05) {
            if (isSaid) said.beyond++
            else said.denied++
          }
        }
  }
  expect(said.follows).toBeGreaterThan(3_000)
  // What is not denied lies where hardly any row is decided one way, which a chord does not follow.
  expect(said.beyond, JSON.stringify(said)).toBeLessThan(said.denied / 50)
})
