import {
  aggregates,
  type ComparisonResult,
  evaluate,
  type Expr,
  formatDuration,
  formatTimestamp,
  type InconclusiveReason,
  isError,
  type Measured,
  type MustClause,
  parseTimestamp,
  stats,
  type TermValue,
  type Value,
} from '@plumbline/core'
import { asNumber, readsEstimate } from './arithmetic.ts'
import { type Asked, descriptive, inferential, type Judged, type Side } from './compare.ts'
import { reachOfCondition, verdictOf } from './condition.ts'
import { estimateMargin, type Margin } from './margin.ts'
import type { MeasuredInstance, MeasuredTerm } from './measured.ts'

/** What a `must` instance came to. */
export interface MustVerdict {
  readonly verdict: stats.Decision
  readonly reason?: InconclusiveReason
  /** `assumption-failed`: which, in words. */
  readonly cause?: string
  /** Left side where there is one comparison, else null. */
  readonly measured: Measured
  readonly terms: readonly TermValue[]
  readonly comparisons: readonly ComparisonResult[]
  /** True where an interval took part. */
  readonly estimated: boolean
}

/** One slice of a clause on one relation. */
export interface MustMember {
  readonly measured: MeasuredInstance
  /** Of clause, data, models and slice: the same numbers are drawn at every replay. */
  readonly seed: string
}

/** Whether a term is an estimate here: it speaks of the population, and there is an interval for it. */
export function isEstimate(term: { readonly fn: MeasuredTerm['term']['fn']; readonly estimates: string }): boolean {
  return term.estimates === 'population' && aggregates[term.fn].interval !== 'none'
}

/** Estimated comparisons of a condition: each is decided at α / k. */
function estimatedComparisons(clause: MustClause): number {
  return clause.must.comparisons.filter((comparison) => comparisonIsEstimated(clause, comparison)).length
}

function comparisonIsEstimated(clause: MustClause, comparison: { readonly left: Expr; readonly right: Expr }): boolean {
  const estimated = (index: number) => {
    const term = clause.must.terms[index]
    return term !== undefined && isEstimate(term)
  }
  return readsEstimate(comparison.left, estimated) || readsEstimate(comparison.right, estimated)
}

/** Replicates for a bootstrap whose strictest question is asked at α / (k · slices). */
export function replicatesOf(clause: MustClause, slices: number): number {
  if (clause.confidence === 'none') return stats.DEFAULT_REPLICATES
  return stats.replicatesFor(
    (1 - clause.confidence) / (Math.max(1, estimatedComparisons(clause)) * Math.max(1, slices)),
  )
}

/**
 * Decides a `must` clause on one relation for all its slices at once: they are one Holm family where an estimate is
 * compared. A clause that only describes the rows is decided by its numbers, slice by slice. A member that could not be
 * measured (undefined) still counts in the family, or the others would be asked less strictly for it.
 */
export function decideMust(clause: MustClause, members: readonly (MustMember | undefined)[]): readonly MustVerdict[] {
  const questions = members.map((member) =>
    member === undefined ? UNMEASURED : question(clause, member, members.length),
  )
  const k = estimatedComparisons(clause)
  if (k === 0 || clause.confidence === 'none') return questions.map((each) => each.at(1))
  const alpha = 1 - clause.confidence
  return stats.decideFamily(questions, alpha, held).map((each) => each.answer)
}

const NOTHING: MustVerdict = {
  verdict: 'inconclusive',
  reason: 'undefined-metric',
  measured: null,
  terms: [],
  comparisons: [],
  estimated: false,
}
const UNMEASURED: stats.Question<MustVerdict> = { p: undefined, at: () => NOTHING }

/** An answer that its place in the family does not allow to be given. */
function held(answer: MustVerdict): MustVerdict {
  if (answer.verdict === 'inconclusive') return answer
  return { ...answer, verdict: 'inconclusive', reason: 'holm-stopped' }
}

function question(clause: MustClause, member: MustMember, slices: number): stats.Question<MustVerdict> {
  const { must } = clause
  const k = estimatedComparisons(clause)
  const asked = must.comparisons.map((_, index) => ask(clause, member, index, slices))
  const reach = reachOfCondition(must.condition, (index) => (asked[index] as Asked).reach)
  return {
    p: stats.conditionP(reach, k),
    at: (alpha) => answerAt(clause, member, asked, alpha / Math.max(1, k), 1 - alpha),
  }
}

function ask(clause: MustClause, member: MustMember, index: number, slices: number): Asked {
  const comparison = clause.must.comparisons[index]
  if (comparison === undefined) throw new Error('A condition names a comparison that is not there.')
  const { measured, seed } = member
  const left = sideOf(comparison.left, measured.terms)
  const right = sideOf(comparison.right, measured.terms)
  if (!comparisonIsEstimated(clause, comparison)) return descriptive(comparison, left, right)
  const estimated = (term: number) => {
    const found = measured.terms[term]
    return found !== undefined && isEstimate(found.term)
  }
  const margin = estimateMargin(comparison, measured, estimated, {
    seed,
    purpose: `comparison:${index}`,
    replicates: replicatesOf(clause, slices),
  })
  return inferential(comparison, left.shown, right.shown, atEveryLook(clause, margin, measured.n), measured.n)
}

/** The margin with an interval that holds however often the rows are looked at, where the clause asks for it. */
function atEveryLook({ anytime }: MustClause, margin: Margin, n: number): Margin {
  if (anytime !== true || margin.estimate === undefined || n === 0) return margin
  const estimate = stats.anytimeEstimate(margin.estimate, n)
  return { value: margin.value, estimate, method: estimate.method }
}

/** The value of a comparison's side by the reference evaluator; null where it does not exist. */
function sideOf(side: Expr, terms: readonly MeasuredTerm[]): Side {
  const outcomes = terms.map(({ term, value }) => termOutcome(value, term.type.kind))
  const outcome = evaluate(side, { terms: outcomes })
  if (isError(outcome)) return { shown: null, compared: null }
  if (typeof outcome !== 'object') return { shown: outcome, compared: outcome }
  // Their texts do not sort as they do: "…:00Z" stands after "…:00.5Z".
  if ('timestamp' in outcome) return { shown: formatTimestamp(outcome.timestamp), compared: outcome.timestamp }
  if ('duration' in outcome) return { shown: formatDuration(outcome.duration), compared: outcome.duration }
  return { shown: null, compared: null }
}

function termOutcome(value: Measured, kind: string): Value | { readonly error: 'missing' } {
  if (value === null) return { error: 'missing' }
  if (kind === 'int' && (typeof value === 'number' || typeof value === 'bigint')) return BigInt(value)
  if (kind === 'timestamp' && typeof value === 'string') {
    const reading = parseTimestamp(value)
    return 'problem' in reading ? { error: 'missing' } : { timestamp: reading.value }
  }
  return kind === 'double' ? Number(value) : value
}

function answerAt(
  clause: MustClause,
  member: MustMember,
  asked: readonly Asked[],
  alpha: number,
  level: number,
): MustVerdict {
  const { must } = clause
  const judged = asked.map((each) => each.at(alpha))
  const verdict = verdictOf(must.condition, (index) => (judged[index] as Judged).result.verdict)
  const comparisons = judged.map((each) => each.result)
  const [only] = comparisons
  const base = {
    verdict,
    measured: only !== undefined && comparisons.length === 1 ? shown(only.left) : null,
    terms: member.measured.terms.map((term) =>
      termValue(clause, member.measured.n, term, 1 - (1 - level) / Math.max(1, estimatedComparisons(clause))),
    ),
    comparisons: comparisons.map((each) => ({ ...each, left: shown(each.left), right: shown(each.right) })),
    estimated: estimatedComparisons(clause) > 0,
  }
  if (verdict !== 'inconclusive') return base
  const broken = brokenAssumptions(member.measured.terms)
  if (broken.length > 0) return { ...base, reason: 'assumption-failed', cause: broken.join(' ') }
  // A missing number explains more than a wide interval, which explains more than a close call.
  const why = judged.map((each) => withoutInterval(member.measured.terms, each.why) ?? each.why)
  return { ...base, reason: GRAVEST.find((each) => why.includes(each)) ?? 'undefined-metric' }
}

const GRAVEST = [
  'undefined-metric',
  'too-few-rows',
  'no-variation',
  'interval-straddles-bound',
  'too-close-to-call',
] as const

/** What a term without an interval says of itself, where nothing else is known: it has no value for want of rows, or its rows do not vary. */
function withoutInterval(terms: readonly MeasuredTerm[], why: Judged['why']): Judged['why'] {
  const says = (reason: stats.UndefinedReason): boolean =>
    terms.some(({ estimate }) => estimate?.kind === 'undefined' && estimate.reason === reason)
  if (why === 'undefined-metric' && terms.some(({ value }) => value === null) && says('too-few-rows'))
    return 'too-few-rows'
  return why === 'too-few-rows' && says('no-variation') ? 'no-variation' : undefined
}

/** What estimates without labels rest on and does not hold, in words. */
function brokenAssumptions(terms: readonly MeasuredTerm[]): readonly string[] {
  const failed = terms.flatMap(({ assumptions = [] }) => assumptions.filter(({ verdict }) => verdict === 'fails'))
  return [...new Set(failed.map(({ cause }) => cause))]
}

function shown(value: Measured): Measured {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function termValue({ anytime }: MustClause, n: number, measured: MeasuredTerm, level: number): TermValue {
  const { term, value, missing } = measured
  const fixed = measured.estimate
  const estimate = anytime === true && fixed?.kind === 'estimate' && n > 0 ? stats.anytimeEstimate(fixed, n) : fixed
  const base = {
    expression: term.expression,
    value: shown(value),
    missing,
    ...(measured.assumptions === undefined ? {} : { assumptions: measured.assumptions }),
  }
  if (
    !isEstimate(term) ||
    estimate?.kind !== 'estimate' ||
    asNumber(value) === undefined ||
    !(level > 0 && level < 1)
  ) {
    return base
  }
  const { low, high } = estimate.interval(level)
  return { ...base, interval: { low, high, level, method: estimate.method } }
}
