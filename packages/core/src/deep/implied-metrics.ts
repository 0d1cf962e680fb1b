import type { Clause, MustClause } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import type { Comparison, Term } from '../expr/must.ts'
import { BOOL, INT } from '../expr/type.ts'
import { children, columnsOf } from '../targets/children.ts'
import { conjuncts } from './aggregates/bounds.ts'
import { givenOf } from './aggregates/given.ts'
import { isAuthored, layersOf } from './asked.ts'
import { denied } from './denied.ts'
import type { Finding, Findings } from './findings.ts'
import { withoutBounds } from './idle.ts'
import { clauseOf, type Instance } from './instance.ts'
import { conflictOf, type Measuring } from './metric-question.ts'
import { minimalInstances } from './minimal-metrics.ts'
import { speaksOf } from './populations.ts'
import { type Asking, impatient } from './satisfiable.ts'
import { isAlwaysWithin, valueBy } from './values.ts'

/** Questions that may stay open before no more are asked. */
const MOST_OPEN = 4

/** From what a clause follows, and whether it may be left without a value. */
interface Implied {
  readonly by: readonly Clause[]
  readonly unlessEmpty: boolean
}

/**
 * `must` clauses that are never violated where blocking ones are satisfied: contracts of columns, clauses on each row, other `must`
 * clauses. What is decided on an interval follows from no number, and is judged by the range of its function alone. `known`: clauses of
 * which something is found already.
 */
export async function impliedMetrics(program: Program, patient: Asking, known: Iterable<Clause>): Promise<Findings> {
  const asking = impatient(patient, MOST_OPEN)
  const dropped = new Set(known)
  const asked = withoutIdle(program, dropped)
  const findings: Finding[] = []
  let undecided = 0
  for (const clause of program.clauses.toReversed()) {
    if (clause.form !== 'must' || !isAuthored(clause) || clause.unenforced !== undefined || dropped.has(clause))
      continue
    await asking.pause?.()
    if (asking.isSpent?.() === true) {
      undecided++
      continue
    }
    const found = await impliedEverywhere(asked, clause, dropped, asking)
    if (found === 'unknown') undecided++
    if (found === undefined || found === 'unknown') continue
    dropped.add(clause)
    const [target] = clause.of
    findings.push({ kind: 'redundant', relation: target?.relation ?? '', clause, ...found })
  }
  return { findings, undecided }
}

/** A clause of several relations and slices says nothing only where it says nothing of each. */
async function impliedEverywhere(
  program: Program,
  clause: MustClause,
  dropped: ReadonlySet<Clause>,
  asking: Asking,
): Promise<Implied | 'unknown' | undefined> {
  const by = new Set<Clause>()
  let unlessEmpty = false
  for (const { relation: name } of clause.of) {
    const relation = program.relations.find((each) => each.name === name)
    if (relation === undefined) return undefined
    // Of all rows most is to be looked at: parts may speak for them.
    for (const slice of clause.slices.toSorted((a, b) => Number(a.condition === null) - Number(b.condition === null))) {
      const found = await impliedIn({ program, relation, linear: true }, { clause, slice }, dropped, asking)
      if (found === undefined || found === 'unknown') return found
      for (const each of found.by) by.add(each)
      unlessEmpty ||= found.unlessEmpty
    }
  }
  return { by: [...by], unlessEmpty }
}

async function impliedIn(
  measuring: Measuring,
  instance: Instance,
  dropped: ReadonlySet<Clause>,
  asking: Asking,
): Promise<Implied | 'unknown' | undefined> {
  const { program } = measuring
  const { must } = instance.clause
  const open: Expr[] = []
  // What no number can violate needs no solver, and what is decided on intervals has no other reason.
  for (const part of conjuncts(must.condition)) {
    const comparisons = comparisonsIn(part, must.comparisons)
    const only = part.node === 'comparison' ? comparisons[0] : undefined
    if (only !== undefined && isAlwaysWithin(only, must.terms)) continue
    if (comparisons.some(({ estimated }) => estimated)) return undefined
    open.push(part)
  }
  const parts = open.map((part) => denied(instance, part))
  if (!parts.every((part) => part !== undefined)) return undefined
  const said = new Set<Clause>()
  const premises = parts.length === 0 ? [] : premisesOf(measuring, instance, dropped)
  for (const part of parts) {
    const found = await saying(measuring, part, premises, asking)
    if (found === undefined || found === 'unknown') return found
    for (const each of found) said.add(each)
  }
  const values = valuesOf(measuring, instance, [...said], program.clauses)
  if (said.size === 0 || values === undefined) return { by: [...said], unlessEmpty: values === undefined }
  // Where a clause is there for the value alone, it may say what another was there for.
  let by = [...new Set([...said, ...values])]
  for (const each of by.length === said.size ? [] : authoredFirst(by)) {
    const without = by.filter((other) => other !== each)
    if (valuesOf(measuring, instance, without, without) === undefined) continue
    const isEnough = await Promise.all(parts.map((part) => contradicts(measuring, part, without, asking)))
    if (isEnough.every(Boolean)) by = without
  }
  return { by, unlessEmpty: false }
}

/** The clauses that what violates an instance contradicts, of those on each row alone where they are enough. */
async function saying(
  measuring: Measuring,
  against: Instance,
  premises: readonly Instance[],
  asking: Asking,
): Promise<readonly Clause[] | 'unknown' | undefined> {
  const rows = someRows(against)
  // Contracts alone first: mostly they are enough, and few questions are as small.
  const contracts = withGiven(measuring, [...rows, against])
  const alone = await conflictOf(measuring, contracts, asking)
  const isEnough = typeof alone !== 'string'
  const all = isEnough || premises.length === 0 ? contracts : withGiven(measuring, [...premises, ...rows, against])
  const found = all === contracts ? alone : await conflictOf(measuring, all, asking)
  if (found === 'unknown') return found
  if (found === 'possible') return undefined
  const isSaid = (each: Instance): boolean => each !== against && !rows.includes(each)
  const others = found.filter(isSaid)
  // Of what cannot be satisfied at all, nothing follows.
  if (typeof (await conflictOf(measuring, [...others, ...rows, withoutBounds(against)], asking)) !== 'string')
    return undefined
  // What others say is left out first: contracts stay.
  const sorted = others.toSorted((a, b) => Number(isAuthored(clauseOf(b))) - Number(isAuthored(clauseOf(a))))
  const minimal = await minimalInstances(measuring, [...sorted, ...rows, against], all, asking)
  return minimal.filter(isSaid).map(clauseOf)
}

/** That there are rows at all: of none, no clause is satisfied, nor violated, unless it says so. */
function someRows({ clause }: Instance): readonly Instance[] {
  if (clause.allowEmpty) return []
  const count: Term = { fn: 'count', args: [], type: INT, expression: 'count()', estimates: 'rows' }
  const comparison: Comparison = {
    op: '>=',
    left: { node: 'term', type: INT, index: 0 },
    right: { node: 'literal', type: INT, value: '1' },
    expression: '',
    estimated: false,
  }
  const condition: Expr = { node: 'comparison', type: BOOL, index: 0 }
  const must = { condition, comparisons: [comparison], terms: [count] }
  return [{ clause: { ...clause, must }, slice: { name: 'all', condition: null } }]
}

const withGiven = ({ program, relation }: Measuring, asked: readonly Instance[]): readonly Instance[] => [
  ...asked,
  ...givenOf(program, relation, asked),
]

async function contradicts(
  measuring: Measuring,
  against: Instance,
  by: readonly Clause[],
  asking: Asking,
): Promise<boolean> {
  const must = by.flatMap((clause) => (clause.form === 'must' ? clause.slices.map((slice) => ({ clause, slice })) : []))
  const program = { ...measuring.program, clauses: by }
  return (
    typeof (await conflictOf(
      measuring,
      withGiven({ ...measuring, program }, [...must, ...someRows(against), against]),
      asking,
    )) !== 'string'
  )
}

/** Of clauses (those `said`, else `others`) those by which all numbers of an instance have a value; undefined where one may have none. */
function valuesOf(
  { program, relation }: Measuring,
  instance: Instance,
  said: readonly Clause[],
  others: readonly Clause[],
): readonly Clause[] | undefined {
  const layers = layersOf(relation) ?? new Set<string>()
  const found = instance.clause.must.terms.map((term) => {
    const must = said.flatMap((clause) =>
      clause.form === 'must' && speaksOf(program, clause, relation)
        ? clause.slices.map((slice) => ({ clause, slice }))
        : [],
    )
    return valueBy(instance, term, must, [...said, ...others], layers)
  })
  return found.every((each) => each !== undefined) ? found.flat() : undefined
}

const authoredFirst = (clauses: readonly Clause[]): readonly Clause[] =>
  clauses.toSorted((a, b) => Number(isAuthored(b)) - Number(isAuthored(a)))

/**
 * Blocking `must` clauses on the numbers of the rows that speak of a column which a clause reads, or of the rows alone: of all rows, and of
 * those that the clause is asked of. Of all rows parts may speak together.
 */
function premisesOf(
  { program, relation }: Measuring,
  { clause, slice }: Instance,
  dropped: ReadonlySet<Clause>,
): readonly Instance[] {
  const read = readBy(clause)
  return program.clauses.flatMap((other) => {
    if (other.form !== 'must' || other === clause || dropped.has(other)) return []
    if (other.severity !== 'block' || other.unenforced !== undefined || !speaksOf(program, other, relation)) return []
    if (other.must.comparisons.some(({ estimated }) => estimated)) return []
    const own = readBy(other)
    if (own.size > 0 && ![...own].some((name) => read.has(name))) return []
    return other.slices.flatMap((part) =>
      slice.condition === null || part.condition === null || part.name === slice.name
        ? [{ clause: other, slice: part }]
        : [],
    )
  })
}

/** With those clauses on each row that ask something, and of each row, not of some that are drawn. */
function withoutIdle(program: Program, dropped: ReadonlySet<Clause>): Program {
  const isAsked = (clause: Clause): boolean =>
    clause.form !== 'every' || (clause.sample === undefined && !(dropped.has(clause) && isAuthored(clause)))
  return { ...program, clauses: program.clauses.filter(isAsked) }
}

/** Columns that a clause's numbers are measured of. */
function readBy({ must: { terms } }: MustClause): ReadonlySet<string> {
  return new Set(
    terms.flatMap(({ args }: Term) =>
      args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : arg.kind === 'expr' ? [...columnsOf(arg.expr)] : [])),
    ),
  )
}

function comparisonsIn(expr: Expr, comparisons: readonly Comparison[]): readonly Comparison[] {
  if (expr.node === 'comparison') return comparisons.slice(expr.index, expr.index + 1)
  return children(expr).flatMap((part) => comparisonsIn(part, comparisons))
}
