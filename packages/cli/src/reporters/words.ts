import {
  type AgainstBound,
  againstBound,
  type Clause,
  type ComparisonResult,
  explainVerdict,
  type Statement,
} from '@plumbline/core'
import {
  boundText,
  conditionText,
  countedWords,
  formatCount,
  formatLevel,
  formatShare,
  formatValue,
  intervalText,
  mostlyText,
  oneLine,
  plural,
  proofMethodText,
  reasonText,
  shareInterval,
  whyUndecided,
  valueText,
} from '@plumbline/report'

/** What was measured in one line: failing rows, value with interval against its bound, proof or tries. `shorten` is for the expressions in it. */
export function measuredText(
  clause: Clause | undefined,
  statement: Statement,
  shorten: (expression: string) => string = oneLine,
): string {
  if (statement.verdict === 'error' || statement.verdict === 'skipped') return whyUndecided(statement)
  if (statement.form === 'every') return everyText(clause, statement)
  if (statement.form === 'forall') return forallText(statement)
  if (statement.form === 'whenever' || statement.form === 'eventually') return eventsText(statement)
  const comparisons = statement.comparisons ?? []
  const { sample } = statement
  const drawn = sample === undefined ? '' : `; ${formatCount(sample.rows)} of ${formatCount(sample.of)} rows drawn`
  if (comparisons.length > 0) return `${comparisonsText(clause, comparisons, shorten)}${drawn}`
  return statement.verdict === 'inconclusive' ? whyUndecided(statement) : 'measured'
}

type Measured = Exclude<Statement, { verdict: 'error' | 'skipped' }>

function everyText(clause: Clause | undefined, { n, failing, measured, verdict, ...rest }: Measured): string {
  const [one, several] = countedWords(clause)
  if (n === undefined || n === 0) return 'reason' in rest ? reasonText(rest.reason) : `no ${several}`
  const share = typeof measured === 'number' && measured < 1 ? `, ${formatShare(measured)} satisfy it` : ''
  const drawn = sampleText(rest)
  if (drawn !== '')
    return `${formatCount(failing ?? 0)} of ${formatCount(n)} drawn ${plural(n, one, several)} ${plural(failing ?? 0, 'fails', 'fail')}${drawn}`
  if (verdict === 'satisfied' && (failing ?? 0) === 0) return `all ${formatCount(n)} ${plural(n, one, several)}`
  return `${formatCount(failing ?? 0)} of ${formatCount(n)} ${plural(n, one, several)} ${plural(failing ?? 0, 'fails', 'fail')}${share}`
}

/** Of drawn rows: the interval of what fails among all. Empty where all rows were looked at. */
function sampleText({ sample, failing_share: share }: Pick<Measured, 'sample' | 'failing_share'>): string {
  if (sample === undefined || share === undefined) return ''
  return `; of all ${formatCount(sample.of)}, ${shareInterval(share)} fail at ${formatLevel(share.level)}`
}

/** What had to follow, and what of it did. */
function eventsText({ form, n = 0, measured, obligations = [] }: Measured): string {
  if (n === 0) return 'nothing began'
  const overdue = obligations.filter((each) => each.overdue).length
  const open = obligations.length - overdue
  const parts = [
    form === 'eventually'
      ? measured === 0
        ? 'it has not come'
        : 'it came'
      : `${formatCount(Number(measured))} of ${formatCount(n)} answered in time`,
    ...(overdue > 0 ? [`${formatCount(overdue)} overdue`] : []),
    ...(open > 0 ? [`${formatCount(open)} still have time`] : []),
  ]
  return parts.join(', ')
}

function forallText(statement: Measured): string {
  const { proof, counterexample, tried = 0, upper_bound: upper, method, verdict } = statement
  if (proof !== undefined) return `proved: ${proofMethodText(proof.method)}`
  const after = `${formatCount(tried)} ${plural(tried, 'input')}`
  if (counterexample !== undefined) return `refuted after ${after}`
  if (verdict !== 'inconclusive') return `decided by ${method} of ${after}`
  const bound = upper === undefined ? '' : `; P(violation) ≤ ${formatValue(upper.value)} at ${formatLevel(upper.level)}`
  return `neither proved nor refuted in ${after}${bound}`
}

/** All comparisons: `share(c) 0.2172 [0.2079, 0.2267] (≥ 0.15, ≤ 0.3)`; one value against several bounds is said once. */
function comparisonsText(
  clause: Clause | undefined,
  results: readonly ComparisonResult[],
  shorten: (expression: string) => string,
): string {
  const parts = results.map((result) => comparisonParts(clause, result, results.length === 1, shorten))
  const byLead = [...Map.groupBy(parts, ({ lead }) => lead)]
  return byLead.map(([lead, group]) => `${lead} (${group.map(({ bound }) => bound).join(', ')})`).join('; ')
}

/** What was measured, and the bound it stands against; where both sides are measured, the margin between them. */
function comparisonParts(
  clause: Clause | undefined,
  result: ComparisonResult,
  only: boolean,
  shorten: (expression: string) => string,
): { readonly lead: string; readonly bound: string } {
  const drawn = againstBound(clause, result)
  const [left, operator] = sidesOf(result.expression)
  if (drawn === undefined)
    return {
      lead: `${shorten(left)} ${result.left === null ? 'undefined' : formatValue(result.left)}`,
      bound: `${operator} ${formatValue(result.right)}`,
    }
  const name =
    drawn.unit === 'value'
      ? shorten(measuredSide(result.expression))
      : only
        ? 'margin'
        : `${shorten(result.expression)}: margin`
  return { lead: `${name} ${valueText(drawn)}${brackets(drawn)}`, bound: boundText(drawn).replace('margin ', '') }
}

function brackets(drawn: AgainstBound): string {
  return drawn.interval === undefined ? '' : ` [${intervalText(drawn).replace(' to ', ', ')}]`
}

/** The two sides of a comparison as written, and the operator between them; the whole on the left where that cannot be told. */
function sidesOf(expression: string): readonly [left: string, operator: string, right: string] {
  const text = oneLine(expression)
  const at = outermostComparison(text)
  return at === undefined
    ? [text, 'and', '']
    : [text.slice(0, at.index), at.operator, text.slice(at.index + at.operator.length + 2)]
}

/** Texts, brackets, and comparisons with a space on both sides, as the printer of expressions writes them. */
const TOKENS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[([{]|[)\]}]| (<=|>=|==|!=|<|>) /g

/** The first comparison that stands in no bracket: what an argument compares is part of what is measured. */
function outermostComparison(text: string): { readonly index: number; readonly operator: string } | undefined {
  let depth = 0
  for (const { 0: token, 1: operator, index } of text.matchAll(TOKENS)) {
    if (operator !== undefined) {
      if (depth === 0) return { index, operator }
    } else if ('([{'.includes(token)) depth++
    else if (')]}'.includes(token)) depth--
  }
  return undefined
}

/** The side that is measured: the other one is a number. */
function measuredSide(expression: string): string {
  const [left, , right] = sidesOf(expression)
  return /^[-+\d._eE]+$/.test(left) ? right : left
}

/** What a clause asks, in the words of the spec, with the share of rows where that is not all. */
export function askedText(clause: Clause): string {
  const mostly = clause.form === 'every' && clause.mostly !== '1' ? `, of ${mostlyText(clause.mostly)}` : ''
  return `${conditionText(clause)}${mostly}`
}

/** What would change a verdict that is not satisfied. */
export function changeText(clause: Clause | undefined, statement: Statement): string | undefined {
  if (clause === undefined || statement.verdict === 'satisfied') return undefined
  if (statement.verdict === 'skipped' && statement.reason === 'no-champion')
    return 'Promote a first version; from then on it is asked.'
  return explainVerdict(clause, statement).change
}

/** Why there is no decision, with the cause where one is known. */
export function undecidedText(statement: Statement): string | undefined {
  if (!('reason' in statement)) return undefined
  // What was tried says it already.
  if (statement.reason === 'not-proved' && statement.tried !== undefined)
    return 'cause' in statement && statement.cause !== undefined ? `no proof: ${oneLine(statement.cause)}` : undefined
  const cause = 'cause' in statement && statement.cause !== undefined ? `: ${oneLine(statement.cause)}` : ''
  return `${whyUndecided(statement)}${cause}`
}

/** What was found in one line: why there is no decision, else what was measured; both where a search came without a proof. */
export function foundText(clause: Clause | undefined, statement: Statement): string {
  const why = undecidedText(statement)
  if (why === undefined) return measuredText(clause, statement)
  // A window that violates its condition shows by how much, also while it is one too few.
  if ('reason' in statement && statement.reason === 'pending') return `${measuredText(clause, statement)}; ${why}`
  return 'reason' in statement && statement.reason === 'not-proved' ? `${measuredText(clause, statement)}; ${why}` : why
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

/** What a reader has to know of how it was decided; nothing where that says itself. */
export function notesOf(statement: Statement): readonly string[] {
  return 'notes' in statement ? (statement.notes ?? []) : []
}
