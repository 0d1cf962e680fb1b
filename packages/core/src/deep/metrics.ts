import type { Clause } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import { printExpr } from '../expr/print/typed.ts'
import type { Finding, Findings, LabelFact } from './findings.ts'
import { givenOf } from './aggregates/given.ts'
import { clauseOf, type Instance } from './instance.ts'
import { AGREEMENTS } from './agreement.ts'
import { DECISIONS } from './confusion.ts'
import { withoutBounds } from './idle.ts'
import { conflictOf, hasProduct, type Measuring } from './metric-question.ts'
import { minimalInstances } from './minimal-metrics.ts'
import { dataRelationOf, type LabelCounts, populationOf, speaksOf } from './populations.ts'
import { smallestMetricRepair } from './repair/metric-repair.ts'
import { type Asking, finishing } from './satisfiable.ts'
import { weakerBounds } from './weaker-bounds.ts'

/**
 * Sets of `must` clauses of one relation that no numbers can meet together: each set is minimal. `labels`: what is known of
 * the rows at hand; what it takes for a set is said of it.
 */
export async function analyseMetrics(program: Program, asking: Asking, labels?: LabelCounts): Promise<Findings> {
  const findings: Finding[] = []
  const reported: ReadonlySet<Clause>[] = []
  let undecided = 0
  for (const relation of program.relations) {
    const measuring: Measuring = { program, relation, ...(labels === undefined ? {} : { labels }) }
    const asked: readonly Instance[] = program.clauses.flatMap((clause) =>
      clause.form === 'must' && clause.unenforced === undefined && speaksOf(program, clause, relation)
        ? clause.slices.map((slice) => ({ clause, slice })).filter((each) => hasRows(measuring, each))
        : [],
    )
    // What clauses on the data alone contradict is found on the data, unless its labels are known.
    if (labels === undefined && !asked.some(({ clause }) => clause.of.some((of) => of.relation === relation.name)))
      continue
    let left: readonly Instance[] = [...asked, ...givenOf(program, relation, asked)]
    while (left.some(({ given }) => given === undefined)) {
      await asking.pause?.()
      if (asking.isSpent?.() === true) {
        undecided++
        break
      }
      const all = await conflictOf(measuring, left, asking)
      const core = all === 'unknown' ? await conflictAmongSome(measuring, left, asking) : all
      if (all === 'unknown' && core === 'possible') undecided++
      if (core === 'possible') break
      const patient = finishing(asking)
      const minimal = await minimalInstances(measuring, core, left, patient)
      if (minimal.length === 0) break
      // What clauses on each row contradict among themselves is told of the rows.
      const isOfRows = await contradictRows(measuring, minimal, patient)
      // A column contract may stand against many clauses, and what is measured has nothing to do with what rows contradict.
      left = left.filter((each) => !minimal.includes(each) || (each.given === undefined) === isOfRows)
      if (isOfRows) continue
      // What clauses on the data alone contradict was found on the data.
      if (reported.some((clauses) => minimal.every((each) => clauses.has(clauseOf(each))))) continue
      reported.push(new Set(minimal.map(clauseOf)))
      // What each row has to meet is no part of the conflict, but may be of the next one.
      const rows = left.filter(
        ({ given }) => given !== undefined && !minimal.some((each) => each.given?.by === given.by),
      )
      const whole = withSlices(minimal, asked)
      const repair =
        (await smallestMetricRepair(measuring, whole, patient, rows)) ??
        (await smallestMetricRepair(measuring, whole, patient))
      const needed = labels !== undefined && (await conflictOf({ program, relation }, minimal, patient)) === 'possible'
      findings.push({
        kind: 'impossible-metrics',
        relation: relation.name,
        clauses: [...new Set(minimal.map(clauseOf))],
        measured: minimal.some(isOfDecision) ? 'decision' : 'rows',
        ...(repair === undefined ? {} : { repair }),
        ...(needed ? { given: labelFacts(measuring, minimal) } : {}),
      })
    }
  }
  return { findings: [...findings, ...weakerBounds(program)], undecided }
}

/** With the other slices of which the same clauses are asked: a bound stands once, and is moved for all of them. */
function withSlices(conflict: readonly Instance[], asked: readonly Instance[]): readonly Instance[] {
  const clauses = new Set(conflict.flatMap(({ given, clause }) => (given === undefined ? [clause] : [])))
  return [...conflict, ...asked.filter((each) => clauses.has(each.clause) && !conflict.includes(each))]
}

/**
 * Where all together were too much to decide: what contradicts without those that make a question hard, or with one of them. `possible`
 * says nothing of all.
 */
async function conflictAmongSome(
  measuring: Measuring,
  all: readonly Instance[],
  asking: Asking,
): Promise<readonly Instance[] | 'possible'> {
  const hard = all.filter((each) => isHard(measuring, each))
  const easy = all.filter((each) => !hard.includes(each))
  const sets = [
    easy,
    ...[...new Set(hard.map(({ clause }) => clause))].map((one) => [
      ...easy,
      ...hard.filter(({ clause }) => clause === one),
    ]),
  ]
  for (const some of sets) {
    if (some.length === all.length) continue
    await asking.pause?.()
    // Without the solver, some show no more than all together did.
    if (asking.isSpent?.() === true || asking.isMute?.() === true) break
    const core = await conflictOf(measuring, some, asking)
    if (typeof core !== 'string') return core
  }
  return 'possible'
}

/** Whether a question with it multiplies unknowns, or looks at many cases. */
function isHard(measuring: Measuring, instance: Instance): boolean {
  const { terms, comparisons } = instance.clause.must
  return (
    terms.some(({ fn }) => AGREEMENTS.has(fn)) ||
    comparisons.some(({ left, right }) => left.node === 'reduce' || right.node === 'reduce') ||
    hasProduct(measuring, instance)
  )
}

/** Whether clauses on each row contradict one another, whatever else of the conflict is measured. */
async function contradictRows(measuring: Measuring, conflict: readonly Instance[], asking: Asking): Promise<boolean> {
  const rows = conflict.filter(({ given }) => given !== undefined)
  if (rows.length === 0) return false
  if (rows.length === conflict.length) return true
  // A bound that every number meets keeps what is measured measured.
  const idle = conflict.filter(({ given }) => given === undefined).map(withoutBounds)
  return typeof (await conflictOf(measuring, [...idle, ...rows], asking)) !== 'string'
}

const isOfDecision = ({ clause }: Instance): boolean =>
  clause.must.terms.some(({ fn }) => DECISIONS.has(fn) || AGREEMENTS.has(fn))

/** Of a slice or group without rows nothing is measured: that is another finding. */
function hasRows({ relation, labels }: Measuring, { clause, slice }: Instance): boolean {
  const counted = labels?.get(dataRelationOf(relation) ?? '')
  return clause.must.terms.every(
    ({ where }) => counted?.get(populationOf([slice.condition, where ?? null]).key)?.rows !== 0,
  )
}

/** What is known of the labels of the populations that instances speak of, in words. */
function labelFacts({ relation, labels }: Measuring, instances: readonly Instance[]): readonly LabelFact[] {
  const name = dataRelationOf(relation) ?? ''
  const counted = labels?.get(name)
  const found = new Map<string, LabelFact>()
  for (const { clause, slice } of instances) {
    for (const { where } of clause.must.terms) {
      const conditions = [slice.condition, where ?? null]
      const count = counted?.get(populationOf(conditions).key)
      if (count === undefined || count.rows === 0) continue
      const condition = conditions.flatMap((each) => (each === null ? [] : [printExpr(each)])).join(' && ')
      found.set(condition, { relation: name, condition, ...count })
    }
  }
  return [...found.values()]
}
