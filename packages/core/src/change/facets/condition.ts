import type { Clause, EveryClause, RowCondition } from '../../clause/clause.ts'
import type { ProgramColumn, Program } from '../../clause/program.ts'
import { printExpr } from '../../expr/print/typed.ts'
import { typeName } from '../../expr/type.ts'
import { formatTimestamp } from '../../expr/time.ts'
import { isError } from '../../expr/value.ts'
import { type Facet, type Order, together } from '../change.ts'
import { compareConditions, type Condition, type ConditionOrder } from '../condition/compare-conditions.ts'
import { exprKey, type Facts } from '../condition/leaves.ts'
import type { TriedRow } from '../condition/tried-rows.ts'
import { conditionWords, overTerms, rewritten } from '../statement.ts'
import type { Compared } from './relations.ts'
import { facet, orderOfSets } from './sets.ts'

/** How two conditions stand to each other, as the order of what they ask: what admits more asks less. */
export function orderOf({ admitsAll, admitsNoMore }: ConditionOrder): Order {
  if (admitsAll === 'proved') return admitsNoMore === 'proved' ? 'same' : 'weaker'
  return admitsNoMore === 'proved' ? 'stronger' : 'incomparable'
}

/** A facet of two conditions. `asked`: the order that what it admits means for the clause, where it is not the condition itself. */
export function conditionFacet(
  name: string,
  words: readonly [before: string, after: string],
  before: Condition,
  after: Condition,
  facts: Facts,
  {
    port,
    labels,
    asked = (order: Order) => order,
  }: {
    readonly port?: Compared['port']
    readonly labels?: ReadonlyMap<string, string>
    readonly asked?: (order: Order) => Order
  } = {},
): readonly Facet[] {
  const found = compareConditions(before, after, facts, port)
  const order = asked(orderOf(found))
  const policy = before.missing === after.missing ? [] : facet('missing', order, before.missing, after.missing)
  if (exprKey(before.expr) === exprKey(after.expr)) return policy
  const shown = order === 'same' ? [] : witnessOf(found, labels)
  const open = order === 'incomparable' && found.gained === undefined && found.lost === undefined
  // A parameter has another value: the same words say something else.
  const said = words[0] === words[1] ? ([printed(before, labels), printed(after, labels)] as const) : words
  const [made] = facet(name, order, ...said, noteOf(found, order, open))
  return made === undefined
    ? policy
    : [{ ...made, ...(shown.length === 0 ? {} : { witness: shown.join('; ') }) }, ...policy]
}

/** What is not known is worth a word where it might have made the change harmless, or less so. */
function noteOf({ note }: ConditionOrder, order: Order, open: boolean): string | undefined {
  if (!open) return order === 'same' || order === 'incomparable' ? note : undefined
  return `it could not be shown that one implies the other${note === undefined ? '' : `: ${note}`}`
}

/** A condition as its tree says it, parameters and units resolved. */
function printed({ expr }: Condition, labels: ReadonlyMap<string, string> = new Map()): string {
  return printExpr(
    rewritten(expr, (node) => {
      const name = node.node === 'column' ? labels.get(node.name) : undefined
      return name === undefined ? undefined : { node: 'local', name, type: node.type }
    }),
  )
}

function witnessOf(
  { gained, lost }: ConditionOrder,
  labels: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  return [
    ...(gained === undefined ? [] : [`now admitted: ${rowText(gained, labels)}`]),
    ...(lost === undefined ? [] : [`no longer admitted: ${rowText(lost, labels)}`]),
  ]
}

/** Cells named in a witness. */
const MOST_CELLS = 4

function rowText(row: TriedRow, labels: ReadonlyMap<string, string> | undefined): string {
  const cells = [...row].map(([name, value]) => `${labels?.get(name) ?? name} = ${valueText(value)}`)
  return cells.length > MOST_CELLS ? `${cells.slice(0, MOST_CELLS).join(', ')}, …` : cells.join(', ')
}

function valueText(value: ReturnType<TriedRow['get']>): string {
  if (value === null || value === undefined) return 'missing'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if ('timestamp' in value && !isError(value)) return formatTimestamp((value as { timestamp: bigint }).timestamp)
  return 'a value'
}

/** The condition of an `every` clause. */
export function everyFacets(old: EveryClause, now: EveryClause, compared: Compared): readonly Facet[] {
  const words = [conditionWords(old), conditionWords(now)] as const
  const [a, b] = [old.condition, now.condition]
  if (a.kind === 'expr' && b.kind === 'expr')
    return conditionFacet(
      'condition',
      words,
      { expr: a.expr, missing: old.missing },
      { expr: b.expr, missing: now.missing },
      compared.facts,
      compared,
    )
  if (a.kind === 'castable' && b.kind === 'castable' && a.column === b.column) return typeFacet(old, a.column, compared)
  const order = structuralOrder(a, b, compared)
  return order === 'same' ? [] : facet('condition', order, ...words)
}

function structuralOrder(a: RowCondition, b: RowCondition, { facts, port }: Compared): Order {
  // A key of more columns is easier to keep unique.
  if (a.kind === 'unique-key' && b.kind === 'unique-key') {
    const order = orderOfSets(a.columns, b.columns)
    return order === 'weaker' ? 'stronger' : order === 'stronger' ? 'weaker' : order
  }
  if (a.kind === 'disjoint-splits' && b.kind === 'disjoint-splits') {
    const names = ({ splits }: typeof a): readonly string[] => splits.map(({ name }) => name)
    const kept = b.splits.flatMap(({ name, condition }) => {
      const earlier = a.splits.find((split) => split.name === name)?.condition
      if (earlier === undefined) return []
      // Splits that hold less have less in common.
      return [
        orderOf(
          compareConditions({ expr: condition, missing: 'fail' }, { expr: earlier, missing: 'fail' }, facts, port),
        ),
      ]
    })
    return together([orderOfSets(names(a), names(b)), ...kept])
  }
  return a.kind === 'release' && b.kind === 'release' && a.check === b.check ? 'same' : 'incomparable'
}

/** Wider types read more cells: an integer is a number, and everything is text; lists by what they hold. */
function typeFacet(clause: Clause, column: string, { before, after }: Compared): readonly Facet[] {
  const [a, b] = [columnOf(before, clause, column), columnOf(after, clause, column)]
  if (a === undefined || b === undefined || typeText(a) === typeText(b)) return []
  const wider = (from: string, to: string): boolean =>
    to === 'text' || (from === 'integer' && to === 'number') || (from === 'list of int' && to === 'list of double')
  const [old, now] = [typeText(a), typeText(b)]
  return facet('type', wider(old, now) ? 'weaker' : wider(now, old) ? 'stronger' : 'incomparable', old, now)
}

/** Of a list with what it holds. */
const typeText = ({ columnType, type }: ProgramColumn): string => (columnType === 'list' ? typeName(type) : columnType)

function columnOf(program: Program, { id }: Clause, column: string): ProgramColumn | undefined {
  return program.datasets.find(({ name }) => id.startsWith(`${name}.`))?.columns.find(({ name }) => name === column)
}

/** The condition over terms of `must` and `always`. */
export function termFacets(
  old: Extract<Clause, { form: 'must' | 'always' }>,
  now: Extract<Clause, { form: 'must' | 'always' }>,
  compared: Compared,
): readonly Facet[] {
  const [a, b] = [overTerms(old.must), overTerms(now.must)]
  const facts: Facts = (name) => b.facts.get(name) ?? a.facts.get(name) ?? { nullable: false }
  const labels = new Map([...a.labels, ...b.labels])
  return conditionFacet(
    'condition',
    [old.text, now.text],
    { expr: a.expr, missing: 'fail' },
    { expr: b.expr, missing: 'fail' },
    facts,
    { labels, ...(compared.port === undefined ? {} : { port: compared.port }) },
  )
}
