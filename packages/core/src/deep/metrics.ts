import type { Clause } from '../clause/clause.ts'
import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import type { Comparison } from '../expr/must.ts'
import { BOOL } from '../expr/type.ts'
import { printExpr } from '../expr/print/typed.ts'
import type { Finding, Findings, LabelFact } from './findings.ts'
import { givenOf } from './aggregates/given.ts'
import { requiredTerms } from './aggregates/measured.ts'
import { clauseOf, type Instance } from './instance.ts'
import { DECISIONS } from './confusion.ts'
import { conflictOf, hasProduct, type Measuring } from './metric-question.ts'
import { dataRelationOf, type LabelCounts, populationOf } from './populations.ts'
import { smallestMetricRepair } from './repair/metric-repair.ts'
import { type Asking, impatient } from './satisfiable.ts'
import { weakerBounds } from './weaker-bounds.ts'

/** Questions about parts of a set that may stay open, before the parts that are left count as needed. */
const MOST_OPEN = 4

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
      clause.form === 'must' &&
      clause.unenforced === undefined &&
      clause.of.some((of) => of.relation === relation.name || isDataOf(program, of.relation, relation))
        ? clause.slices.map((slice) => ({ clause, slice })).filter((each) => hasRows(measuring, each))
        : [],
    )
    // What clauses on the data alone contradict is found on the data, unless its labels are known.
    if (labels === undefined && !asked.some(({ clause }) => clause.of.some((of) => of.relation === relation.name)))
      continue
    let left: readonly Instance[] = [...asked, ...givenOf(program, relation, asked)]
    while (left.some(({ given }) => given === undefined)) {
      const core = await conflictOf(measuring, left, asking)
      if (core === 'unknown') {
        undecided++
        // What multiplies unknowns may stay open; the others are asked without it.
        const linear = left.filter((each) => !hasProduct(measuring, each))
        if (linear.length === left.length) break
        left = linear
        continue
      }
      if (core === 'possible') break
      let minimal = core
      const hasty = impatient(asking, MOST_OPEN)
      for (const each of core) {
        if (!minimal.includes(each)) continue
        const without = minimal.filter((other) => other !== each)
        const answer = await conflictOf(measuring, without, hasty)
        if (typeof answer !== 'string') minimal = answer
      }
      if (minimal.length === 0) break
      // What clauses on each row contradict among themselves is told of the rows.
      const isOfRows = await contradictRows(measuring, minimal, asking)
      // A column contract may stand against many clauses, and what is measured has nothing to do with what rows contradict.
      left = left.filter((each) => !minimal.includes(each) || (each.given === undefined) === isOfRows)
      if (isOfRows) continue
      // What clauses on the data alone contradict was found on the data.
      if (reported.some((clauses) => minimal.every((each) => clauses.has(clauseOf(each))))) continue
      reported.push(new Set(minimal.map(clauseOf)))
      const repair = await smallestMetricRepair(measuring, minimal, asking)
      const needed = labels !== undefined && (await conflictOf({ program, relation }, minimal, asking)) === 'possible'
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

/** Whether clauses on each row contradict one another, whatever else of the conflict is measured. */
async function contradictRows(measuring: Measuring, conflict: readonly Instance[], asking: Asking): Promise<boolean> {
  const rows = conflict.filter(({ given }) => given !== undefined)
  if (rows.length === 0) return false
  if (rows.length === conflict.length) return true
  // A bound that every number meets keeps what is measured measured.
  const idle = conflict.filter(({ given }) => given === undefined).map(withoutBounds)
  return typeof (await conflictOf(measuring, [...idle, ...rows], asking)) !== 'string'
}

/** What an instance measures, with nothing asked of it. */
function withoutBounds(instance: Instance): Instance {
  const { must } = instance.clause
  const comparisons = requiredTerms(instance).map((term): Comparison => {
    const number: Expr = { node: 'term', type: term.type, index: must.terms.indexOf(term) }
    return { op: '>=', left: number, right: number, expression: '', estimated: false }
  })
  const condition = comparisons
    .map((_, index): Expr => ({ node: 'comparison', type: BOOL, index }))
    .reduce<Expr>((left, right) => ({ node: 'and', type: BOOL, args: [left, right] }), TRUE)
  return { ...instance, clause: { ...instance.clause, must: { ...must, comparisons, condition } } }
}

const TRUE: Expr = { node: 'literal', type: BOOL, value: true }

const isOfDecision = ({ clause }: Instance): boolean => clause.must.terms.some(({ fn }) => DECISIONS.has(fn))

/** Whether a relation holds the rows that a model answers in another: what is asked of their labels is true there, too. */
function isDataOf({ relations }: Program, name: string, model: ProgramRelation): boolean {
  const data = relations.find((relation) => relation.name === name)
  return data?.kind === 'data' && model.kind === 'model' && data.dataset === model.dataset && data.split === model.split
}

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
