import type { Call, Column, Expr, Literal } from '../expr/expr.ts'
import type { Value } from '../expr/value.ts'
import { ask } from '../targets/smt/index.ts'
import type { Asked } from './asked.ts'
import { byCases } from './cases.ts'
import { type Asking, type Columns, satisfiable } from './satisfiable.ts'

/** One number of a conflict, and the nearest one with which a row can meet all demands. */
export interface Repair {
  /** The demand whose number it is. */
  readonly name: string
  readonly from: Literal
  readonly to: Literal
  /** How far it moves, relative to its size. */
  readonly distance: number
}

const NO_COLUMNS: Columns = new Map()
/** A column that no relation has. */
const FREE = '\0free'
/** A number to show is rounded where it moves by less than this, relative to its size. */
const NEGLIGIBLE = 1e-6
const MOST_DECIMALS = 15

/** The smallest change of one bound that resolves a conflict, confirmed on a row; undefined where no single one does. */
export async function smallestRepair(conflict: readonly Asked[], asking: Asking): Promise<Repair | undefined> {
  const found: Repair[] = []
  for (const asked of conflict) {
    for (const bound of boundsOf(asked.demand.expr)) {
      const repair = await repairOf(conflict, asked, bound, asking)
      if (repair !== undefined) found.push(repair)
    }
  }
  return found.reduce<Repair | undefined>(
    (best, each) => (best === undefined || each.distance < best.distance ? each : best),
    undefined,
  )
}

const BOUND = /^(lt|le|gt|ge|eq)_/

/** Numbers that a condition compares something with. */
function boundsOf(expr: Expr): readonly Literal[] {
  switch (expr.node) {
    case 'and':
    case 'or':
    case 'conditional':
      return expr.args.flatMap(boundsOf)
    case 'call': {
      if (expr.fn === 'not') return expr.args.flatMap(boundsOf)
      if (!BOUND.test(expr.fn)) return []
      return expr.args.flatMap((arg) =>
        arg.node === 'literal' && (arg.type.kind === 'int' || arg.type.kind === 'double') ? [arg] : [],
      )
    }
    default:
      return []
  }
}

async function repairOf(
  conflict: readonly Asked[],
  of: Asked,
  bound: Literal,
  asking: Asking,
): Promise<Repair | undefined> {
  const kind = bound.type.kind === 'int' ? 'int' : 'double'
  const column: Column = { node: 'column', name: FREE, type: bound.type }
  const given: Expr = { node: 'is-missing', type: { kind: 'bool' }, operand: column, negated: true }
  const demandsWith = (put: Column | Literal) =>
    conflict.map(({ demand }) =>
      demand === of.demand ? { ...demand, expr: replaced(demand.expr, bound, put) } : demand,
    )
  const free = [...demandsWith(column), { name: '(free)', expr: given, missing: 'fail' as const, holds: true }]
  const question = ask(free, NO_COLUMNS, false)
  const query = question.nearest(FREE, kind, bound.value as number | string)
  if (query === null) return undefined
  const answer = await asking.solver.check(query, asking.limits)
  const value = answer.kind === 'sat' ? question.row(answer.values)?.get(FREE) : undefined
  if (value === undefined || value === null) return undefined
  const meets = async (to: Literal): Promise<boolean> => {
    const demands = demandsWith(to)
    const cases = byCases(conflict.map((each, i) => ({ ...each, demand: demands[i] ?? each.demand })))
    return (cases ?? (await satisfiable(demands, NO_COLUMNS, asking))).kind === 'satisfiable'
  }
  const { nearest, isAttained } = await closest(bound, value, meets)
  for (const to of shown(bound, nearest, isAttained)) {
    if (!(await meets(to))) continue
    const [a, b] = [Number(bound.value), Number(to.value)]
    return { name: of.demand.name, from: bound, to, distance: Math.abs(b - a) / Math.max(1, Math.abs(a)) }
  }
  return undefined
}

/** Halvings after which the nearest number is known to a millionth of any distance that matters. */
const MOST_HALVINGS = 60

/**
 * The nearest number that serves, from one that does. A solver's optimum behind a strict comparison is not attained, and
 * what it then answers may lie anywhere beyond: so the way between the old number and the found one is halved.
 */
async function closest(
  from: Literal,
  value: Value,
  meets: (to: Literal) => Promise<boolean>,
): Promise<{ readonly nearest: Value; readonly isAttained: boolean }> {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { nearest: value, isAttained: true }
  const old = Number(from.value)
  const literal = (number: number): Literal => ({ node: 'literal', type: from.type, value: number })
  const negligible = (at: number): number => NEGLIGIBLE * Math.max(1, Math.abs(at))
  let [fails, serves] = [old, value]
  if (!(await meets(literal(value + Math.sign(old - value) * negligible(value)))))
    return { nearest: value, isAttained: true }
  for (let i = 0; i < MOST_HALVINGS && Math.abs(fails - serves) > negligible(serves); i++) {
    const middle = (fails + serves) / 2
    if (await meets(literal(middle))) serves = middle
    else fails = middle
  }
  return { nearest: serves, isAttained: false }
}

/**
 * The number found, first with few decimals, rounded away from the old one: by less than is seen, or, where the nearest
 * number does not serve itself, by a hundredth of the way.
 */
function shown(from: Literal, value: Value, isAttained: boolean): readonly Literal[] {
  if (typeof value === 'bigint') return [{ node: 'literal', type: from.type, value: String(value) }]
  if (typeof value !== 'number' || !Number.isFinite(value)) return []
  const old = Number(from.value)
  const negligible = NEGLIGIBLE * Math.max(1, Math.abs(value))
  const tolerance = isAttained ? negligible : Math.max(negligible, Math.abs(value - old) / 100)
  const candidates: number[] = []
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const scale = 10 ** decimals
    const rounded = (value > old ? Math.ceil(value * scale) : Math.floor(value * scale)) / scale
    if (Math.abs(rounded - value) <= tolerance) candidates.push(rounded)
  }
  return [...new Set([...candidates, value])]
    .slice(0, 6)
    .map((each) => ({ node: 'literal', type: from.type, value: each }))
}

/** The expression with one literal, found by identity, replaced. */
function replaced(expr: Expr, literal: Literal, by: Column | Literal): Expr {
  if (expr === literal) return by
  switch (expr.node) {
    case 'and':
    case 'or':
      return { ...expr, args: [replaced(expr.args[0], literal, by), replaced(expr.args[1], literal, by)] }
    case 'conditional':
      return {
        ...expr,
        args: [
          replaced(expr.args[0], literal, by),
          replaced(expr.args[1], literal, by),
          replaced(expr.args[2], literal, by),
        ],
      }
    case 'call':
      return { ...expr, args: expr.args.map((arg) => replaced(arg, literal, by)) } satisfies Call
    default:
      return expr
  }
}
