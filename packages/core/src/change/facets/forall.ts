import type { ForallClause } from '../../clause/clause.ts'
import type { Expr } from '../../expr/expr.ts'
import { printExpr } from '../../expr/print/typed.ts'
import { type Facet, type Order, reversed } from '../change.ts'
import type { ColumnFacts } from '../condition/leaves.ts'
import { rewritten } from '../statement.ts'
import { conditionFacet } from './condition.ts'
import { domainFacets } from './forall-domains.ts'
import type { Compared } from './relations.ts'
import { facet, orderOfNumbers } from './sets.ts'

/** What a `forall` ranges over, assumes and holds. */
export function forallFacets(old: ForallClause, now: ForallClause, compared: Compared): readonly Facet[] {
  const [a, b] = [statementOf(old), statementOf(now)]
  const facts = (): ColumnFacts => ({ nullable: true })
  const options = compared.port === undefined ? {} : { port: compared.port }
  const truth: Expr = { node: 'literal', type: { kind: 'bool' }, value: true }
  // A share of other inputs is another share: what is easy may have been added, and what is hard left out.
  const ofAll = old.mostly === undefined && now.mostly === undefined
  const asInputs = (order: Order): Order => (ofAll || order === 'same' ? order : 'incomparable')
  return [
    ...domainFacets(old, now, compared).map((found) => ({ ...found, order: asInputs(found.order) })),
    // Assuming more leaves fewer inputs.
    ...conditionFacet(
      'assume',
      [textOf(old.assume), textOf(now.assume)],
      { expr: a.assume ?? truth, missing: 'fail' },
      { expr: b.assume ?? truth, missing: 'fail' },
      facts,
      { ...options, asked: (order) => asInputs(reversed(order)) },
    ),
    ...conditionFacet(
      'holds',
      [old.text, now.text],
      { expr: a.holds, missing: 'fail' },
      { expr: b.holds, missing: 'fail' },
      facts,
      options,
    ),
    ...measureFacets(old, now),
  ]
}

const textOf = (assume: Expr | undefined): string => (assume === undefined ? 'nothing' : printExpr(assume))

/** `assume` and `holds` with `let` written out, variables named by their place, and cells of variables as columns. */
function statementOf({ binders, let: lets, assume, holds }: ForallClause): {
  readonly assume?: Expr
  readonly holds: Expr
} {
  const values = new Map<string, Expr>()
  const renamed = new Map(binders.map(({ name }, i) => [name, `$${i}`]))
  const closed = (expr: Expr): Expr =>
    rewritten(expr, (node) => {
      if (
        node.node === 'field' &&
        node.operand.node === 'local' &&
        renamed.has(node.operand.name) &&
        !values.has(node.operand.name)
      )
        return { node: 'column', type: node.type, name: `${renamed.get(node.operand.name)}.${node.name}` }
      if (node.node !== 'local') return undefined
      const value = values.get(node.name)
      if (value !== undefined) return value
      const name = renamed.get(node.name)
      if (name === undefined) return undefined
      return node.type.kind === 'record' ? { ...node, name } : { node: 'column', type: node.type, name }
    })
  for (const { name, value } of lets) values.set(name, closed(value))
  const ranges = new Set(binders.flatMap(({ type }) => (type.kind === 'record' ? [type.of] : [])))
  const said = (expr: Expr): Expr => withoutRanges(closed(expr), ranges) as Expr
  return { holds: said(holds), ...(assume === undefined ? {} : { assume: said(assume) }) }
}

/** What a variable ranges over is compared as its domain: the types of rows do not name it. */
function withoutRanges(value: unknown, ranges: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutRanges(each, ranges))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'of' && typeof part === 'string' && ranges.has(part) ? '' : withoutRanges(part, ranges),
    ]),
  )
}

/** Without a share, all inputs; a share of them asks less. */
function measureFacets(old: ForallClause, now: ForallClause): readonly Facet[] {
  const text = ({ mostly, over }: ForallClause): string =>
    mostly === undefined ? 'all inputs' : `${mostly} over ${over ?? ''}`
  if (text(old) === text(now)) return []
  if (old.mostly === undefined || now.mostly === undefined)
    return facet('mostly', old.mostly === undefined ? 'weaker' : 'stronger', text(old), text(now))
  const order = old.over === now.over ? orderOfNumbers(Number(old.mostly), Number(now.mostly)) : 'incomparable'
  return facet('mostly', order, text(old), text(now))
}
