import { createEvaluator } from '../expr/evaluate/evaluate.ts'
import type { Column, Expr } from '../expr/expr.ts'
import { isError, literalOf, literalValue, type RecordValue, type Value } from '../expr/value.ts'
import { walk } from '../targets/children.ts'
import { rewritten } from './rewrite.ts'
import { simplerCells } from './smaller.ts'

/** An expression and the row it is asked on. */
export interface Pair {
  readonly expr: Expr
  readonly row: RecordValue
}

/**
 * Simpler pairs in which expression and row change together, where neither alone would still show the same: a part is
 * replaced by a cell that holds its value, and a value that stands in several places becomes a simpler one in all.
 */
export function smallerTogether({ expr, row }: Pair): readonly Pair[] {
  return [...withPartsAsCells({ expr, row }), ...withSharedValues({ expr, row })]
}

function withPartsAsCells({ expr, row }: Pair): readonly Pair[] {
  const evaluator = createEvaluator()
  const parts = walk(expr)
    .slice(1)
    .filter((part) => part.node === 'call' || part.node === 'conditional')
  return parts.flatMap((part): readonly Pair[] => {
    const read = walk(part).find((each): each is Column => each.node === 'column' && each.type.kind === part.type.kind)
    if (read === undefined || walk(part).some(({ node }) => node === 'local')) return []
    const value = evaluator.evaluate(part, { row })
    if (isError(value)) return []
    const [simpler] = rewritten(expr, (node) => (node === part ? [read] : []))
    return simpler === undefined ? [] : [{ expr: simpler, row: new Map([...row, [read.name, value]]) }]
  })
}

function withSharedValues({ expr, row }: Pair): readonly Pair[] {
  const literals = walk(expr).flatMap((node) => (node.node === 'literal' ? [literalValue(node)] : []))
  const counts = new Map<string, { readonly value: Value; readonly times: number }>()
  for (const value of [...literals, ...row.values()]) {
    if (value === null) continue
    counts.set(keyOf(value), { value, times: (counts.get(keyOf(value))?.times ?? 0) + 1 })
  }
  return [...counts].flatMap(([key, { value, times }]) =>
    times < 2 ? [] : simplerCells(value).map((simpler) => replaced({ expr, row }, key, simpler)),
  )
}

/** Equal for the same value of the same kind; numbers of both kinds are told apart. */
const keyOf = (value: Value): string =>
  `${typeof value} ${JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))}`

function replaced({ expr, row }: Pair, key: string, simpler: Value): Pair {
  const other = (value: Value | null): Value | null => (value !== null && keyOf(value) === key ? simpler : value)
  let changed = expr
  for (;;) {
    const [next] = rewritten(changed, (node) => {
      const value = node.node === 'literal' ? literalValue(node) : null
      return value === null || keyOf(value) !== key ? [] : [literalOf(node.type, simpler)]
    })
    if (next === undefined) break
    changed = next
  }
  return { expr: changed, row: new Map([...row].map(([name, cell]) => [name, other(cell)])) }
}
