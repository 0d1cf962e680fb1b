import type { Expr } from '../../expr/expr.ts'
import type { RecordValue, Value } from '../../expr/value.ts'
import { columnsOf } from '../../targets/children.ts'
import type { Asked } from '../asked.ts'
import { candidatesOf } from '../candidates.ts'
import { compared, isScalar, outcomeOf, withoutSame } from './comparison.ts'
import { textsOf } from './texts.ts'
import { valuesOf } from './values.ts'
import type { Meaning, Variable, World } from './world.ts'

/**
 * Some cells: of each column what conditions name and lies between, and texts made to meet some of them. What is met here is met by a row.
 * Each predicate reads one column, or none.
 */
export function cellsWorld(predicates: readonly Expr[], asked: readonly Asked[], start: RecordValue): World {
  const names = [...new Set(asked.flatMap(({ columns }) => [...columns]))]
  const variables = names.map((name): Variable => {
    const own = predicates.filter((expr) => columnsOf(expr).has(name))
    const values = new Map<string, Value | null>()
    const add = (value: Value | null): void => void values.set(nameOf(value), value)
    const near = start.get(name)
    if (near !== undefined) add(near)
    for (const expr of own) {
      const of = compared(expr)
      if (of?.term.node === 'column' && isScalar(of.term)) valuesOf(of.term.type.kind, of.literals).forEach(add)
    }
    for (const value of textsOf(name, own)) add(value)
    candidatesOf(
      name,
      asked.filter(({ columns }) => columns.has(name)),
    ).forEach(add)
    return { column: name, values: withoutSame([...values.values()], own, name) }
  })
  const meanings = predicates.map((expr): Meaning => {
    const [name] = columnsOf(expr)
    if (name === undefined) return { variables: [], outcomes: () => outcomeOf(expr, new Map()) }
    const own = names.indexOf(name)
    const { values } = variables[own] as Variable
    return { variables: [own], outcomes: ([at]) => outcomeOf(expr, new Map([[name, values[at as number] ?? null]])) }
  })
  return { variables, meanings }
}

const nameOf = (value: Value | null): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : Object.is(part, -0) ? '-0' : typeof part === 'number' ? String(part) : part,
  )
