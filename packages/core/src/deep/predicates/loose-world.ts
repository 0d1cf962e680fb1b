import type { Expr, Literal } from '../../expr/expr.ts'
import { isError, type RecordValue, type Value } from '../../expr/value.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { onRow } from '../confirm.ts'
import { keyOfJson } from '../key.ts'
import { COMPARISON, compared, isScalar, ORDER, outcomeFor, outcomeOf, withoutSame } from './comparison.ts'
import { ERROR, FALSE, MISSING, TRUE } from './outcomes.ts'
import { valuesOf } from './values.ts'
import type { Meaning, Variable, World } from './world.ts'

/** By which what is compared is put in the place of an expression. */
const STAND_IN = '\0'

/** Whether it is an error `missing` wherever a cell is missing that it reads, and otherwise never. */
const isStrict = (expr: Expr): boolean =>
  walk(expr).every(
    (part) => /^(call|column|literal|in-list|matches)$/.test(part.node) && (part.node === 'literal' || isScalar(part)),
  )

/** What a predicate comes to for each value of a variable of its own. */
interface Own {
  readonly key: string
  readonly outcomes: readonly number[]
}

/** Two expressions that are compared: the same variable, whichever is named first, and with whatever operator. */
function ordered(expr: Expr): Own | undefined {
  if (expr.node !== 'call' || !COMPARISON.test(expr.fn)) return undefined
  const [a, b] = expr.args as readonly [Expr, Expr]
  const order = ORDER[expr.fn.slice(0, 2)] as readonly number[]
  const [left, right] = [keyOfJson(a), keyOfJson(b)]
  const isTurned = left > right
  const key = isTurned ? `o ${right} ${left}` : `o ${left} ${right}`
  return { key, outcomes: [...(isTurned ? order.toReversed() : order), ERROR] }
}

/**
 * All that predicates could come to: each term that is compared with constants takes, independently of others, a value from
 * each interval between them, and what is no such comparison comes to anything. No row does anything else, so that what
 * cannot be met here cannot be met at all. Only the cells themselves are what they are.
 */
export function looseWorld(predicates: readonly Expr[], start: RecordValue): World {
  const near = onRow(start)
  const literals = new Map<string, { readonly term: Expr; readonly all: Literal[]; readonly on: Expr[] }>()
  const parts = predicates.map((expr, i) => {
    const cells = [...columnsOf(expr)]
    if (expr.node === 'is-missing' && expr.operand.node === 'column') return { expr, cells, isMissing: true }
    const of = compared(expr)
    if (of === undefined || !isScalar(of.term))
      return { expr, cells, own: ordered(expr) ?? { key: `p ${i}`, outcomes: [TRUE, FALSE, ERROR] } }
    const isCell = of.term.node === 'column'
    const key = isCell ? `c ${cells[0] ?? ''}` : `t ${keyOfJson(of.term)}`
    const known = literals.get(key) ?? { term: of.term, all: [], on: [] }
    const on = of.on(STAND_IN)
    known.all.push(...of.literals)
    known.on.push(on)
    literals.set(key, known)
    return { expr, cells, key, isCell, on }
  })
  const variables: Variable[] = []
  const places = new Map<string, number>()
  const variable = (key: string, made: () => Variable): number => {
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, variables.length)
    return variables.push(made()) - 1
  }
  const valuesAt = (key: string): readonly (Value | undefined)[] => {
    const of = literals.get(key)
    if (of === undefined) return [undefined]
    const first = near(of.term)
    const values = [...(isError(first) ? [] : [first]), ...valuesOf(of.term.type.kind, of.all)]
    return withoutSame(values, of.on, STAND_IN)
  }
  /** A cell that nothing but its presence matters of. */
  const anyOf = (name: string): Value | undefined => {
    const known = start.get(name)
    if (known !== undefined && known !== null) return known
    const type = predicates
      .flatMap((expr) => [...walk(expr)])
      .find((part) => part.node === 'column' && part.name === name)?.type
    return type === undefined ? undefined : valuesOf(type.kind, [])[0]
  }
  const cellAt = (name: string): number =>
    variable(`c ${name}`, () => {
      const values = literals.has(`c ${name}`) ? valuesAt(`c ${name}`) : [anyOf(name)]
      return { column: name, values: start.get(name) === null ? [null, ...values] : [...values, null] }
    })
  const meanings = parts.map((part): Meaning => {
    const { expr, cells } = part
    if ('isMissing' in part) {
      const own = cellAt(cells[0] as string)
      const isNegated = expr.node === 'is-missing' && expr.negated
      return {
        variables: [own],
        outcomes: ([at]) => ((variables[own]?.values[at as number] === null) === isNegated ? FALSE : TRUE),
      }
    }
    const strict = isStrict(expr)
    let own: number
    let outcomes: readonly number[]
    if ('own' in part && part.own !== undefined) {
      outcomes = strict ? part.own.outcomes : [...part.own.outcomes, MISSING]
      own = variable(`${part.own.key}${strict ? '' : ' m'}`, () => ({
        column: undefined,
        values: outcomes.map(() => undefined),
        first: Math.max(0, outcomes.indexOf(outcomeOf(expr, start))),
      }))
    } else {
      const { key = '', isCell, on = expr } = part
      own = isCell
        ? cellAt(cells[0] as string)
        : variable(key, () => ({ column: undefined, values: [...valuesAt(key), undefined] }))
      const outcome = outcomeFor(on, STAND_IN)
      outcomes = (variables[own] as Variable).values.map((value) =>
        value === undefined ? ERROR | (strict ? 0 : MISSING) : outcome(value),
      )
      if (isCell) return { variables: [own], outcomes: ([at]) => outcomes[at as number] as number }
    }
    if (!strict) return { variables: [own], outcomes: ([at]) => outcomes[at as number] as number }
    const read = cells.map(cellAt)
    return {
      variables: [...read, own],
      outcomes: (values) => {
        const isMissing = read.some((cell, i) => variables[cell]?.values[values[i] as number] === null)
        return isMissing ? MISSING | ERROR : (outcomes[values.at(-1) as number] as number)
      },
    }
  })
  return { variables, meanings }
}
