import type { Expr, Literal } from '../../expr/expr.ts'
import { isError, literalValue, type RecordValue, type Value } from '../../expr/value.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import type { Asked } from '../asked.ts'
import { candidatesOf } from '../candidates.ts'
import { onRow } from '../confirm.ts'
import { keyOf, type Predicate } from './formula.ts'
import { ERROR, FALSE, MISSING, TRUE } from './outcomes.ts'
import { textsOf } from './texts.ts'
import { valuesOf } from './values.ts'

/** Something that takes one of several values: a cell, or what a condition makes of cells. */
export interface Variable {
  /** The column, where it is the cell of one. */
  readonly column: string | undefined
  /** Values that differ in what some predicate comes to on them. `undefined`: any that is no such thing as the others. */
  readonly values: readonly (Value | null | undefined)[]
  /** The place of the value that is tried first; else that of the first one. */
  readonly first?: number
}

/** What a predicate may come to, given the values that its variables have or may have. */
export interface Meaning {
  readonly variables: readonly number[]
  outcomes(values: readonly number[]): number
}

/** What predicates are about. */
export interface World {
  readonly variables: readonly Variable[]
  readonly meanings: readonly Meaning[]
}

/** Beyond it, whole numbers and float64 do not lie in the same order. */
const EXACT = 2 ** 52
const COMPARISON = /^(lt|le|gt|ge|eq|ne)_/
/** By which what is compared is put in the place of an expression. */
const STAND_IN = '\0'

/** What is compared with constants. */
interface Compared {
  readonly term: Expr
  readonly literals: readonly Literal[]
  /** The comparison with a column in the place of the term. */
  readonly on: (name: string) => Expr
}

function compared(expr: Expr): Compared | undefined {
  if (expr.node === 'column') return { term: expr, literals: [], on: (name) => ({ ...expr, name }) }
  if (expr.node === 'in-list') {
    const { operand, elements } = expr
    return { term: operand, literals: elements, on: (name) => ({ ...expr, operand: column(name, operand) }) }
  }
  if (expr.node !== 'call' || !COMPARISON.test(expr.fn)) return undefined
  const [a, b] = expr.args as readonly [Expr, Expr]
  const [term, literal] = b.node === 'literal' ? [a, b] : [b, a]
  if (literal.node !== 'literal' || term.node === 'literal') return undefined
  // A whole number as a float64 lies where the number does.
  const cell = term.node === 'call' && term.fn === 'double_of_int' ? term.args[0] : undefined
  if (cell?.node === 'column' && Math.abs(Number(literal.value)) < EXACT) {
    const on = (name: string): Expr => {
      const inner = { ...term, args: [column(name, cell)] } as Expr
      return { ...expr, args: b.node === 'literal' ? [inner, b] : [a, inner] }
    }
    return { term: cell, literals: [literal], on }
  }
  if (term.node === 'call' && term.fn === 'double_of_double')
    return compared({ ...expr, args: b.node === 'literal' ? [term.args[0] as Expr, b] : [a, term.args[0] as Expr] })
  const on = (name: string): Expr => {
    const inner = column(name, term)
    return { ...expr, args: b.node === 'literal' ? [inner, b] : [a, inner] }
  }
  return { term, literals: [literal], on }
}

const column = (name: string, { type }: Expr): Expr => ({ node: 'column', name, type })

const SCALARS: ReadonlySet<string> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])
const isScalar = (expr: Expr): boolean => SCALARS.has(expr.type.kind)

/** Whether it is an error `missing` wherever a cell is missing that it reads, and otherwise never. */
const isStrict = (expr: Expr): boolean =>
  walk(expr).every(
    (part) => /^(call|column|literal|in-list|matches)$/.test(part.node) && (part.node === 'literal' || isScalar(part)),
  )

/** What a predicate comes to for each value of a variable of its own. */
interface Own {
  readonly key: string
  readonly column?: string
  readonly outcomes: readonly number[]
}

/** Where the order of two expressions decides. */
const ORDER: Readonly<Record<string, readonly [below: number, same: number, above: number]>> = {
  lt: [TRUE, FALSE, FALSE],
  le: [TRUE, TRUE, FALSE],
  gt: [FALSE, FALSE, TRUE],
  ge: [FALSE, TRUE, TRUE],
  eq: [FALSE, TRUE, FALSE],
  ne: [TRUE, FALSE, TRUE],
}

/** Two expressions that are compared: the same variable, whichever is named first, and with whatever operator. */
function ordered(expr: Expr): Own | undefined {
  if (expr.node !== 'call' || !COMPARISON.test(expr.fn)) return undefined
  const [a, b] = expr.args as readonly [Expr, Expr]
  const order = ORDER[expr.fn.slice(0, 2)] as readonly number[]
  const [left, right] = [keyOf(a), keyOf(b)]
  const isTurned = left > right
  const key = isTurned ? `o ${right} ${left}` : `o ${left} ${right}`
  return { key, outcomes: [...(isTurned ? order.toReversed() : order), ERROR] }
}

/**
 * All that predicates could come to: each term that is compared with constants takes, independently of others, a value from
 * each interval between them, and what is no such comparison comes to anything. No row does anything else, so that what
 * cannot be met here cannot be met at all. Only the cells themselves are what they are.
 */
export function looseWorld(predicates: readonly Predicate[], start: RecordValue): World {
  const near = onRow(start)
  const literals = new Map<string, { readonly term: Expr; readonly all: Literal[]; readonly on: Expr[] }>()
  const parts = predicates.map(({ expr }, i) => {
    const cells = [...columnsOf(expr)]
    if (expr.node === 'is-missing' && expr.operand.node === 'column') return { expr, cells, isMissing: true }
    const of = compared(expr)
    if (of === undefined || !isScalar(of.term))
      return { expr, cells, own: ordered(expr) ?? { key: `p ${i}`, outcomes: [TRUE, FALSE, ERROR] } }
    const isCell = of.term.node === 'column'
    const key = isCell ? `c ${cells[0] ?? ''}` : `t ${keyOf(of.term)}`
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
      .flatMap(({ expr }) => [...walk(expr)])
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

/** Of values on which all expressions of one column come to the same, the first. */
function withoutSame<T extends Value | null>(values: readonly T[], exprs: readonly Expr[], name: string): readonly T[] {
  const different = new Map<string, T>()
  const outcomes = exprs.map((expr) => outcomeFor(expr, name))
  for (const value of values) {
    const key = outcomes.map((outcome) => outcome(value)).join('')
    if (!different.has(key)) different.set(key, value)
  }
  return [...different.values()]
}

/** What a condition on one column comes to for its cell. */
function outcomeFor(expr: Expr, name: string): (value: Value | null) => number {
  const evaluated = (value: Value | null): number => outcomeOf(expr, new Map([[name, value]]))
  if (expr.node !== 'call' || !COMPARISON.test(expr.fn)) return evaluated
  const [a, b] = expr.args as readonly [Expr, Expr]
  const literal = b.node === 'literal' ? b : a
  if (literal.node !== 'literal' || (literal === b ? a : b).node !== 'column') return evaluated
  const constant = literalValue(literal)
  if (typeof constant !== 'number' && typeof constant !== 'bigint') return evaluated
  const order = ORDER[expr.fn.slice(0, 2)] as readonly number[]
  // Numbers of one kind lie in the order that JavaScript has them in; what is tried is never NaN.
  return (value) => {
    if (typeof value !== typeof constant) return evaluated(value)
    const [left, right] = literal === b ? [value as number, constant] : [constant, value as number]
    return order[left < right ? 0 : left > right ? 2 : 1] as number
  }
}

function outcomeOf(expr: Expr, row: RecordValue): number {
  const value = onRow(row)(expr)
  if (isError(value)) return value.error === 'missing' ? MISSING : ERROR
  return value === true ? TRUE : FALSE
}

/**
 * Some cells: of each column what conditions name and lies between, and texts made to meet some of them. What is met here is met by a row.
 * Each predicate reads one column.
 */
export function strictWorld(predicates: readonly Predicate[], asked: readonly Asked[], start: RecordValue): World {
  const names = [...new Set(asked.flatMap(({ columns }) => [...columns]))]
  const place = new Map(names.map((name, i) => [name, i]))
  const reads = predicates.map(({ expr }) => [...columnsOf(expr)])
  const variables = names.map((name): Variable => {
    const own = predicates.filter((_, i) => reads[i]?.includes(name))
    const values = new Map<string, Value | null>()
    const add = (value: Value | null): void => void values.set(nameOf(value), value)
    const near = start.get(name)
    if (near !== undefined) add(near)
    for (const { expr } of own) {
      const of = compared(expr)
      if (of?.term.node === 'column' && isScalar(of.term)) valuesOf(of.term.type.kind, of.literals).forEach(add)
    }
    for (const value of textsOf(name, own)) add(value)
    candidatesOf(
      name,
      asked.filter(({ columns }) => columns.has(name)),
    ).forEach(add)
    return {
      column: name,
      values: withoutSame(
        [...values.values()],
        own.map(({ expr }) => expr),
        name,
      ),
    }
  })
  const meanings = predicates.map(({ expr }, i): Meaning => {
    const own = (reads[i] ?? []).map((name) => place.get(name) as number)
    const known = new Map<string, number>()
    const outcomes = (values: readonly number[]): number => {
      const key = values.join(' ')
      const before = known.get(key)
      if (before !== undefined) return before
      const row = new Map(own.map((at, j) => [names[at] as string, variables[at]?.values[values[j] as number] ?? null]))
      const found = outcomeOf(expr, row)
      known.set(key, found)
      return found
    }
    return { variables: own, outcomes }
  })
  return { variables, meanings }
}

const nameOf = (value: Value | null): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : Object.is(part, -0) ? '-0' : typeof part === 'number' ? String(part) : part,
  )
