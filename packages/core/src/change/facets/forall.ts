import type { Binder, ForallClause } from '../../clause/clause.ts'
import type { Program, ProgramColumn } from '../../clause/program.ts'
import type { Expr } from '../../expr/expr.ts'
import { printExpr } from '../../expr/print/typed.ts'
import { type Facet, type Order, reversed } from '../change.ts'
import { type ColumnFacts, exprKey } from '../condition/leaves.ts'
import { rewritten } from '../statement.ts'
import { conditionFacet } from './condition.ts'
import { domainText, orderOfDomains } from './domain.ts'
import type { Compared } from './relations.ts'
import { facet, orderOfNumbers } from './sets.ts'

/** What a `forall` ranges over, assumes and holds. */
export function forallFacets(old: ForallClause, now: ForallClause, compared: Compared): readonly Facet[] {
  const [a, b] = [statementOf(old), statementOf(now)]
  const facts = (): ColumnFacts => ({ nullable: true })
  const options = compared.port === undefined ? {} : { port: compared.port }
  const truth: Expr = { node: 'literal', type: { kind: 'bool' }, value: true }
  return [
    ...domainFacets(old, now, compared),
    // Assuming more leaves fewer inputs.
    ...conditionFacet(
      'assume',
      [textOf(old.assume), textOf(now.assume)],
      { expr: a.assume ?? truth, missing: 'fail' },
      { expr: b.assume ?? truth, missing: 'fail' },
      facts,
      { ...options, asked: reversed },
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
      // What a variable ranges over is compared as its domain.
      return node.type.kind === 'record'
        ? { ...node, name, type: { ...node.type, of: '' } }
        : { node: 'column', type: node.type, name }
    })
  for (const { name, value } of lets) values.set(name, closed(value))
  return { holds: closed(holds), ...(assume === undefined ? {} : { assume: closed(assume) }) }
}

/** A wider domain asks more. */
function domainFacets(old: ForallClause, now: ForallClause, compared: Compared): readonly Facet[] {
  if (old.binders.length !== now.binders.length)
    return facet('domain', 'incomparable', binderTexts(old), binderTexts(now))
  return old.binders.flatMap((before, i) => {
    const after = now.binders[i]
    return after === undefined ? [] : domainFacet(before, after, now, compared)
  })
}

const binderTexts = ({ binders }: ForallClause): string =>
  binders.map((b) => `${b.name}: ${textOfDomain(b)}`).join(', ')

function textOfDomain({ domain }: Binder): string {
  switch (domain.kind) {
    case 'declared':
      return domain.dataset
    case 'rows':
      return `${domain.relation}.rows`
    case 'near':
      return `near(${domain.relation}.rows, ${domain.radius})`
    case 'column':
      return `${domain.dataset}.columns.${domain.column}`
  }
}

function domainFacet(old: Binder, now: Binder, clause: ForallClause, { before, after }: Compared): readonly Facet[] {
  const [a, b] = [old.domain, now.domain]
  const changed = (order: Order): readonly Facet[] => facet('domain', order, textOfDomain(old), textOfDomain(now))
  if (a.kind === 'near' && b.kind === 'near' && a.relation === b.relation)
    return a.radius === b.radius ? [] : changed(orderOfNumbers(a.radius, b.radius))
  if (a.kind === 'rows' && b.kind === 'near' && a.relation === b.relation) return changed('stronger')
  if (a.kind === 'near' && b.kind === 'rows' && a.relation === b.relation) return changed('weaker')
  if (exprKey(a) !== exprKey(b)) return changed('incomparable')
  if (a.kind === 'rows' || a.kind === 'near') return []
  const read = a.kind === 'column' ? [a.column] : inputsOf(after, clause)
  return read.flatMap((name) => {
    const [first, second] = [columnOf(before, a.dataset, name), columnOf(after, a.dataset, name)]
    if (first === undefined && second === undefined) return []
    if (first === undefined || second === undefined)
      return facet(
        `domain of ${name}`,
        'incomparable',
        first === undefined ? 'none' : domainText(first),
        second === undefined ? 'none' : domainText(second),
      )
    const order = orderOfDomains(first, second)
    return order === 'same' ? [] : facet(`domain of ${name}`, order, domainText(first), domainText(second))
  })
}

const columnOf = (program: Program, dataset: string, column: string): ProgramColumn | undefined =>
  program.datasets.find(({ name }) => name === dataset)?.columns.find(({ name }) => name === column)

const inputsOf = (program: Program, { models }: ForallClause): readonly string[] => [
  ...new Set(models.flatMap((name) => program.models.find((model) => model.name === name)?.input ?? [])),
]

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
