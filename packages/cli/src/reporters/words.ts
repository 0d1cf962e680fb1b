import { type Clause, type ComparisonResult, explainVerdict, type Statement } from '@plumbline/core'
import {
  type AgainstBound,
  againstBound,
  boundText,
  conditionText,
  formatCount,
  formatLevel,
  formatShare,
  formatValue,
  intervalText,
  mostlyText,
  oneLine,
  plural,
  reasonText,
  valueText,
} from '@plumbline/report'

/** What was measured in one line: failing rows, value with interval against its bound, proof or tries. `shorten` is for the expressions in it. */
export function measuredText(
  clause: Clause | undefined,
  statement: Statement,
  shorten: (expression: string) => string = oneLine,
): string {
  if (statement.verdict === 'error' || statement.verdict === 'skipped') return reasonText(statement.reason)
  if (statement.form === 'every') return everyText(statement)
  if (statement.form === 'forall') return forallText(statement)
  const comparisons = statement.comparisons ?? []
  if (comparisons.length > 0) return comparisons.map((result) => comparisonText(clause, result, shorten)).join('; ')
  return statement.verdict === 'inconclusive' ? reasonText(statement.reason) : 'measured'
}

type Measured = Exclude<Statement, { verdict: 'error' | 'skipped' }>

function everyText({ n, failing, measured, verdict, ...rest }: Measured): string {
  if (n === undefined || n === 0) return 'reason' in rest ? reasonText(rest.reason) : 'no rows'
  const share = typeof measured === 'number' && measured < 1 ? `, ${formatShare(measured)} satisfy it` : ''
  if (verdict === 'satisfied' && (failing ?? 0) === 0) return `all ${formatCount(n)} ${plural(n, 'row')}`
  return `${formatCount(failing ?? 0)} of ${formatCount(n)} ${plural(n, 'row')} ${plural(failing ?? 0, 'fails', 'fail')}${share}`
}

function forallText(statement: Measured): string {
  const { proof, counterexample, tried = 0, upper_bound: upper, method, verdict } = statement
  if (proof !== undefined) return `proved: ${proof.method}`
  const after = `${formatCount(tried)} ${plural(tried, 'input')}`
  if (counterexample !== undefined) return `refuted after ${after}`
  if (verdict !== 'inconclusive') return `decided by ${method} of ${after}`
  const bound = upper === undefined ? '' : `; P(violation) ≤ ${formatValue(upper.value)} at ${formatLevel(upper.level)}`
  return `neither proved nor refuted in ${after}${bound}`
}

/** `roc_auc() 0.7745 [0.7571, 0.7919] (≥ 0.74)`; where both sides are measured, the margin between them. */
export function comparisonText(
  clause: Clause | undefined,
  result: ComparisonResult,
  shorten: (expression: string) => string = oneLine,
): string {
  const drawn = againstBound(clause, result)
  if (drawn === undefined)
    return `${shorten(result.expression)}: ${formatValue(result.left)} and ${formatValue(result.right)}`
  const subject = subjectOf(result.expression)
  const only = clause?.form === 'must' && clause.must.comparisons.length === 1
  const name = drawn.unit === 'value' ? shorten(subject) : only ? 'margin' : `${shorten(result.expression)}: margin`
  return `${name} ${valueText(drawn)}${brackets(drawn)} (${boundText(drawn).replace('margin ', '')})`
}

function brackets(drawn: AgainstBound): string {
  return drawn.interval === undefined ? '' : ` [${intervalText(drawn).replace(' to ', ', ')}]`
}

/** The side of a comparison that is measured, as written; the whole where that cannot be told. */
function subjectOf(expression: string): string {
  const parts = oneLine(expression).split(/ (?:<=|>=|<|>) /)
  const [left = '', right] = parts
  if (parts.length !== 2 || right === undefined) return oneLine(expression)
  return /^[-+\d._eE]+$/.test(left) ? right : left
}

/** What a clause asks, in the words of the spec, with the share of rows where that is not all. */
export function askedText(clause: Clause): string {
  const mostly = clause.form === 'every' && clause.mostly !== '1' ? `, of ${mostlyText(clause.mostly)}` : ''
  return `${conditionText(clause)}${mostly}`
}

/** What would change a verdict that is not satisfied. */
export function changeText(clause: Clause | undefined, statement: Statement): string | undefined {
  return clause === undefined || statement.verdict === 'satisfied'
    ? undefined
    : explainVerdict(clause, statement).change
}

/** Why there is no decision, with the cause where one is known. */
export function undecidedText(statement: Statement): string | undefined {
  if (!('reason' in statement)) return undefined
  // What was tried says it already.
  if (statement.reason === 'not-proved' && statement.tried !== undefined) return undefined
  const cause = 'cause' in statement && statement.cause !== undefined ? `: ${oneLine(statement.cause)}` : ''
  return `${reasonText(statement.reason)}${cause}`
}

/** Rows that would decide it, if the measured value stays; the most that any comparison needs. */
export function rowsNeeded(statement: Statement): number | undefined {
  if (!('comparisons' in statement)) return undefined
  const needed = (statement.comparisons ?? []).flatMap((result) =>
    result.rowsNeeded === undefined ? [] : [result.rowsNeeded],
  )
  return needed.length === 0 ? undefined : Math.max(...needed)
}

/** `id`, `id [slice]`, and the relation where the clause is asked of several. */
export function questionName(clause: Clause | undefined, { clause: id, relation, slice, stage }: Statement): string {
  const asked = (clause?.of ?? []).filter(({ stage: each }) => each !== 'runtime' || stage === 'runtime')
  // The name of a contract begins with its relation.
  const several = asked.length > 1 && !id.startsWith(`${relation}.`)
  return `${id}${several ? ` on ${relation}` : ''}${slice === 'all' ? '' : ` [${slice}]`}`
}
