import { againstBound, type Clause, type Evidence } from '@plumbline/core'
import { codeSpan, escapeMarkdown, markdownTable } from '../markdown.ts'
import type { ClauseReading } from '../reading/instances.ts'
import { boundText, intervalText, valueText } from '../svg/interval.ts'
import { formatCount, formatLevel, formatNumber, formatValue } from '../words/number.ts'
import { intervalMethodText, proofMethodText } from '../words/method.ts'
import { whyUndecided } from '../words/reason.ts'
import { verdictSign } from '../words/verdict.ts'
import type { CardSubject } from './subject.ts'

/** Every metric that was measured, with its interval, its bound and the verdict; then what was asked of all inputs. */
export function metrics({ version }: CardSubject): string {
  const clauses = version?.clauses ?? []
  const rows = clauses.filter(({ clause }) => clause?.form === 'must').flatMap(metricRows)
  const claims = clauses.filter(({ clause }) => clause?.form === 'forall').flatMap(claimRows)
  const measured =
    rows.length === 0
      ? 'No metric was measured for this version.'
      : markdownTable(['clause', 'slice', 'asked', 'measured', 'interval', 'rows', 'verdict'], rows).trimEnd()
  const proved =
    claims.length === 0
      ? ''
      : `\n\n### For all inputs\n\n${markdownTable(['clause', 'says', 'verdict', 'how'], claims).trimEnd()}`
  return `## Metrics\n\nEach value is measured on the evaluation data below. An interval is that of the decision, at the level shown; a bound is met only where the whole interval meets it.\n\n${measured}${proved}`
}

function metricRows({ clause, answers }: ClauseReading): readonly (readonly string[])[] {
  return answers.flatMap((evidence) => rowsOf(clause, evidence))
}

function rowsOf(clause: Clause | undefined, { statement }: Evidence): readonly (readonly string[])[] {
  const named = [codeSpan(statement.clause), escapeMarkdown(statement.slice)]
  if (!('comparisons' in statement) || statement.comparisons === undefined || statement.comparisons.length === 0) {
    const why = 'reason' in statement ? `: ${whyUndecided(statement)}` : ''
    return [[...named, '', '', '', '', `${verdictText(statement.verdict)}${escapeMarkdown(why)}`]]
  }
  return statement.comparisons.map((result) => {
    const drawn = againstBound(clause, result)
    const level = drawn?.interval?.level
    const interval =
      drawn?.interval === undefined
        ? result.verdict === 'inconclusive'
          ? 'none'
          : 'exact'
        : `${intervalText(drawn)}${level === undefined ? '' : ` (${formatLevel(level)}${drawn.interval.method === undefined ? '' : `, ${escapeMarkdown(intervalMethodText(drawn.interval.method))}`})`}`
    return [
      ...named,
      `${codeSpan(result.expression)}${drawn?.unit === 'margin' ? `, as ${boundText(drawn)}` : ''}`,
      drawn === undefined
        ? result.left === null
          ? 'undefined'
          : escapeMarkdown(formatValue(result.left))
        : valueText(drawn),
      interval,
      statement.n === undefined ? '' : formatCount(statement.n),
      verdictText(result.verdict),
    ]
  })
}

function claimRows({ clause, answers }: ClauseReading): readonly (readonly string[])[] {
  return answers.map(({ statement }) => [
    codeSpan(statement.clause),
    escapeMarkdown(clause?.says ?? ''),
    verdictText(statement.verdict),
    howText(statement),
  ])
}

function howText(statement: Evidence['statement']): string {
  if ('reason' in statement && statement.verdict !== 'inconclusive') return escapeMarkdown(whyUndecided(statement))
  const {
    proof,
    counterexample,
    tried = 0,
    upper_bound: upper,
  } = statement as Exclude<Evidence['statement'], { verdict: 'error' | 'skipped' }>
  if (proof !== undefined) return `proved: ${escapeMarkdown(proofMethodText(proof.method))}`
  if (counterexample !== undefined) return `refuted by a replayed counterexample after ${formatCount(tried)} inputs`
  const bound =
    upper === undefined
      ? ''
      : `; at ${formatLevel(upper.level)} confidence violated with a probability of at most ${formatNumber(upper.value)}`
  return `${formatCount(tried)} inputs tried${bound}`
}

/** A verdict with its sign. */
export function verdictText(verdict: Evidence['statement']['verdict']): string {
  return `${verdictSign(verdict)} ${verdict}`
}
