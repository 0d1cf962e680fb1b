import type { Expr } from '../../expr/expr.ts'
import type { Term } from '../../expr/must.ts'
import { DOUBLE } from '../../expr/type.ts'
import { type Formula, literal, plus, size, times } from './formula.ts'
import { type Linear, linearOf } from './linear.ts'
import { argument, beside, keyOf, type Measurements, subjectOf } from './measured.ts'

/** Of what is added, by which rounding may be off. */
const ROUNDING = 1e-9
/** Where each row has a smaller cell in one column than in another, so do they. */
const ORDERED: ReadonlySet<string> = new Set(['min', 'max', 'median', 'quantile', 'quantile_nearest'])

/** Of whole numbers they are rounded once, which keeps their order. */
const EXACT: ReadonlySet<string> = new Set(['mean', 'median'])

/** `movable`: it reads the bound as it stands in the clause. */
interface Said {
  readonly movable: boolean
  readonly write: (formula: Formula) => Expr
}

/**
 * What a comparison of several numbers of each row (`repaid <= lent`) says of the numbers of all rows: of sums of multiples, that their means are
 * so, and of two columns that their order statistics are. Where each row has all of the cells.
 */
export function orderOfRows(population: Measurements, part: Expr): readonly Said[] {
  const comparison = part.node === 'call' ? /^(lt|le|gt|ge|eq)_(int|double)$/.exec(part.fn) : null
  const [left, right] = part.node === 'call' ? part.args : []
  if (comparison === null || left === undefined || right === undefined) return []
  const difference: Expr = { node: 'call', fn: 'sub_double', type: DOUBLE, args: [left, right] }
  const linear = linearOf(difference)
  if (linear === undefined || linear.parts.length < 2) return []
  const measured = (fn: string, of: Expr): boolean =>
    [...population.terms.values()].some(({ term }) => term.fn === fn && subjectOf(term) === keyOf(of))
  const way = comparison[1] ?? ''
  const ops = way === 'eq' ? (['<=', '>='] as const) : way.startsWith('l') ? (['<='] as const) : (['>='] as const)
  const numberOf = (f: Formula, fn: Term['fn'], of: Expr): Expr => f.number(beside(population, fn, argument(of)))
  const found: Said[] = []
  if (linear.parts.some(({ expr }) => measured('mean', expr)))
    for (const op of ops)
      found.push({
        movable: right.node === 'literal' && ops.length === 1,
        write: (f) => {
          const terms = linear.parts.map(({ expr, factor }) => times(literal(factor), numberOf(f, 'mean', expr)))
          const slack = [literal(Math.abs(linear.constant)), ...terms.map(size)].reduce(plus)
          const sum = plus(terms.reduce(plus), times(literal(op === '<=' ? -ROUNDING : ROUNDING), slack))
          // As it stands in the clause, where it is one number: that is what a repair moves.
          if (right.node !== 'literal') return f.compare(plus(sum, literal(linear.constant)), op, literal(0))
          const rest = linear.constant + Number(right.value)
          return f.compare(rest === 0 ? sum : plus(sum, literal(rest)), op, right)
        },
      })
  const [a, b, ...more] = linear.parts
  const isPair = more.length === 0 && linear.constant === 0 && a?.factor === 1 && b?.factor === -1
  if (!isPair || a === undefined || b === undefined) return found
  const isWhole = a.expr.type.kind === 'int' && b.expr.type.kind === 'int'
  for (const { term } of population.terms.values()) {
    const [first, ...rest] = term.args
    const scale = first?.kind === 'expr' ? multipleOf(linear, first.expr) : 0
    if (first?.kind === 'expr' && scale !== 0)
      for (const op of ops) {
        const isBelow = (op === '<=') === scale > 0
        found.push({
          movable: false,
          write: (f) => f.compare(numberOf(f, isBelow ? 'max' : 'min', first.expr), isBelow ? '<=' : '>=', literal(0)),
        })
      }
    const subject = subjectOf(term)
    const isExact = term.fn === 'min' || term.fn === 'max' || (isWhole && EXACT.has(term.fn))
    if (!ORDERED.has(term.fn) && !isExact) continue
    if (first === undefined || (subject !== keyOf(a.expr) && subject !== keyOf(b.expr))) continue
    for (const op of ops)
      found.push({
        movable: false,
        write: (f) => {
          const at = (of: Expr): Expr => f.number(beside(population, term.fn, [...argument(of), ...rest]))
          const end = at(b.expr)
          const slack = times(literal(op === '<=' ? ROUNDING : -ROUNDING), size(end))
          return f.compare(at(a.expr), op, isExact ? end : plus(end, slack))
        },
      })
  }
  return found
}

/** What the difference of two columns is multiplied by to be another expression of them; 0 where it is no multiple. */
function multipleOf({ parts }: Linear, expr: Expr): number {
  const other = linearOf(expr)
  if (other === undefined || other.constant !== 0 || other.parts.length !== parts.length) return 0
  const factors = parts.map((part) => {
    const same = other.parts.find((each) => keyOf(each.expr) === keyOf(part.expr))
    return (same?.factor ?? 0) / part.factor
  })
  return factors.every((factor) => factor === factors[0]) ? (factors[0] ?? 0) : 0
}
