import type { Column, Expr } from '../../expr/expr.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { populationOf } from '../populations.ts'
import { type Measurements, type Placed, subjectOf } from './measured.ts'
import { areApart, cannot, fails, hasCell } from './row-cases.ts'

/** Parts that are compared with one another. */
const MOST_PARTS = 24

/** Parts of the rows of which no row is in two; where no row is a stray, each row is in one of them. */
export interface Division {
  readonly parts: readonly Measurements[]
  /** Shares of the rows that are in no part. Absent where nothing says which those are. */
  readonly strays?: readonly Placed[]
}

/** Columns whose values divide measured rows. */
export function dividingColumns(populations: ReadonlyMap<string, Measurements>): ReadonlySet<string> {
  const [counts, found] = [new Map<string, number>(), new Set<string>()]
  for (const population of populations.values()) {
    const name = columnOf(population)?.name
    if (name === undefined) continue
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (counts.get(name) === 2) found.add(name)
  }
  return found
}

/**
 * How the rows are divided by the parts of them that are measured: the groups of a column, or slices that exclude one another. That they
 * are all rows follows where the column is asked to have a cell in each row, and one of these values.
 */
export function divisionsOf(populations: ReadonlyMap<string, Measurements>): readonly Division[] {
  const whole = populations.get('')
  const byColumn = Map.groupBy(populations.values(), (population) => columnOf(population)?.name)
  return [...byColumn].flatMap(([name, all]): readonly Division[] => {
    const column = all[0] === undefined ? undefined : columnOf(all[0])
    if (name === undefined || column === undefined || all.length < 2 || all.length > MOST_PARTS) return []
    const groups = all.filter((part) => groupValue(part) !== undefined || isMissing(part))
    const others = all.filter((part) => !groups.includes(part))
    return [
      ...(groups.length < 2
        ? []
        : [{ parts: groups, ...(whole === undefined ? {} : straysOfGroups(whole, column, groups)) }]),
      ...slicesApart(others).map((parts) => ({
        parts,
        ...(whole === undefined ? {} : straysOfSlices(whole, column, parts)),
      })),
    ]
  })
}

/** The column that alone makes a row one of a population, by one condition. */
function columnOf({ conditions }: Measurements): Column | undefined {
  const [condition] = conditions
  if (condition === undefined) return undefined
  if (conditions.length > 1 && populationOf(conditions).key !== populationOf([condition]).key) return undefined
  const names = columnsOf(condition)
  return names.size === 1 ? (walk(condition).find(({ node }) => node === 'column') as Column | undefined) : undefined
}

const groupValue = ({ conditions }: Measurements): string | undefined => populationOf(conditions).group?.value

const isMissing = ({ conditions: [condition] }: Measurements): boolean =>
  condition?.node === 'is-missing' && !condition.negated && condition.operand.node === 'column'

function straysOfGroups(
  whole: Measurements,
  column: Column,
  groups: readonly Measurements[],
): Pick<Division, 'strays'> {
  const missing = groups.some(isMissing) ? [] : missingOf(whole, column)
  const values = new Set(groups.map(groupValue))
  if (missing === undefined) return {}
  if (column.type.kind === 'bool') return values.has('true') && values.has('false') ? { strays: missing } : {}
  const other = [...whole.terms.values()].find(({ term: { fn, args, model } }) => {
    const [first] = args
    if (fn !== 'share' || model !== undefined || first?.kind !== 'expr') return false
    const listed = deniedList(first.expr)
    return (
      listed?.operand.node === 'column' &&
      listed.operand.name === column.name &&
      listed.elements.every(({ value }) => values.has(String(value)))
    )
  })
  return other === undefined ? {} : { strays: [...missing, other] }
}

/** `!(c in […])`. */
function deniedList(expr: Expr) {
  const inner = expr.node === 'call' && expr.fn === 'not' ? expr.args[0] : undefined
  return inner?.node === 'in-list' ? inner : undefined
}

function straysOfSlices(whole: Measurements, column: Column, parts: readonly Measurements[]): Pick<Division, 'strays'> {
  const missing = missingOf(whole, column)
  const isAll = missing !== undefined && cannot(hasCell(column), ...parts.map((part) => fails(conditionOf(part))))
  return isAll ? { strays: missing } : {}
}

/** The share of missing cells, where something is said of it. */
function missingOf(whole: Measurements, { name }: Column): readonly Placed[] | undefined {
  const found = [...whole.terms.values()].find(({ term }) => term.fn === 'null_share' && subjectOf(term) === name)
  return found === undefined ? undefined : [found]
}

/** Slices by conditions on one column: all of them where no row is in two, else each two of which that is so. */
function slicesApart(slices: readonly Measurements[]): readonly (readonly Measurements[])[] {
  const pairs = slices.flatMap((a, i) =>
    slices.slice(i + 1).map((b) => ({ parts: [a, b], apart: areApart(conditionOf(a), conditionOf(b)) })),
  )
  if (pairs.length > 1 && pairs.every(({ apart }) => apart)) return [slices]
  return pairs.flatMap(({ parts, apart }) => (apart ? [parts] : []))
}

const conditionOf = ({ conditions }: Measurements): Expr => conditions[0] as Expr
