import {
  type AgainstBound,
  againstBound,
  type Clause,
  type ComparisonResult,
  type Evidence,
  type Statement,
  type TermValue,
} from '@plumbline/core'
import { scoreCurves } from '../curves/score-curves.ts'
import { type Html, type HtmlPart, html } from '../html.ts'
import { axis, boundText, emptyPlot, intervalPlot, intervalText, valueText } from '../svg/interval.ts'
import { type Scale, scaleOf } from '../svg/scale.ts'
import { plural } from '../words/clause.ts'
import { formatAbout, formatCount, formatLevel, formatValue } from '../words/number.ts'
import { intervalMethodText } from '../words/method.ts'
import { whyUndecided } from '../words/reason.ts'
import { badge, table } from './parts.ts'
import { undecided } from './undecided.ts'

const PLOT_WIDTH = 240

interface Row {
  readonly statement: Statement & { readonly verdict: 'satisfied' | 'violated' | 'inconclusive' }
  readonly result: ComparisonResult
  readonly drawn: AgainstBound | undefined
}

/** The answers of a `must` clause: each comparison a forest plot over the slices, then the terms it is made of. */
export function mustBody(clause: Clause | undefined, answers: readonly Evidence[]): Html {
  const measured = answers.flatMap(({ statement }) =>
    (statement.verdict === 'satisfied' || statement.verdict === 'violated' || statement.verdict === 'inconclusive') &&
    statement.comparisons !== undefined &&
    statement.comparisons.length > 0
      ? [statement]
      : [],
  )
  const rest = answers.filter(({ statement }) => !measured.some((each) => each === statement))
  const rows = measured.flatMap((statement) =>
    (statement.comparisons ?? []).map((result): Row => ({ statement, result, drawn: againstBound(clause, result) })),
  )
  const groups = [...Map.groupBy(rows, ({ result }) => result.expression)]
  const sliced = measured.length > 1 || measured.some(({ slice }) => slice !== 'all')
  return html`${groups.map(([expression, group]) => forest(expression, group, { titled: groups.length > 1, sliced }))}${rest.map(({ statement }) => undecided(statement))}${method(rows)}${terms(measured)}${assumptions(measured)}${drawings(measured)}`
}

function forest(
  expression: string,
  rows: readonly Row[],
  look: { readonly titled: boolean; readonly sliced: boolean },
): Html {
  const drawn = rows.flatMap((row) => (row.drawn === undefined ? [] : [row.drawn]))
  const [first] = drawn
  const scale = first === undefined ? undefined : scaleOf(drawn, PLOT_WIDTH)
  const several = new Set(rows.map(({ statement }) => statement.relation)).size > 1
  const head: HtmlPart[] = [
    ...(look.sliced || several ? ['slice'] : []),
    'rows',
    'measured',
    'interval',
    first === undefined || scale === undefined
      ? 'bound'
      : html`<span class="sr">against the bound ${boundText(first)}</span>${axis(first, scale)}`,
    'verdict',
  ]
  const body = rows.map((row) => forestRow(row, first, scale, { slice: look.sliced || several, relation: several }))
  return html`${look.titled ? html`<h5><code>${expression}</code></h5>` : ''}${table(`Measured values of ${expression}`, head, body, 'forest')}`
}

function forestRow(
  row: Row,
  first: AgainstBound | undefined,
  scale: Scale | undefined,
  shows: { readonly slice: boolean; readonly relation: boolean },
): Html {
  const { statement, result, drawn } = row
  const slice = shows.relation ? `${statement.relation}: ${statement.slice}` : statement.slice
  const needed =
    result.rowsNeeded === undefined
      ? ''
      : html` <span class="needs">needs ≈ ${formatAbout(result.rowsNeeded)} rows</span>`
  return html`<tr>${shows.slice ? html`<th scope="row">${slice}</th>` : ''}<td class="num">${statement.n === undefined ? '–' : formatCount(statement.n)}</td><td class="num"><b>${drawn === undefined ? (result.left === null ? 'undefined' : formatValue(result.left)) : valueText(drawn)}</b>${drawn?.unit === 'margin' ? html`<br><span class="muted">${formatValue(result.left)} beside ${formatValue(result.right)}</span>` : ''}</td><td class="num">${drawn === undefined || intervalText(drawn) === '' ? html`<span class="none">${result.verdict === 'inconclusive' ? 'none' : 'exact'}</span>` : intervalText(drawn)}</td><td class="drawing">${first === undefined || scale === undefined ? html`<code>${result.expression}</code>` : drawn === undefined ? emptyPlot(first, scale) : intervalPlot(drawn, scale, result.verdict)}</td><td>${badge(result.verdict)}${needed}${whyNot(row)}</td></tr>`
}

/** The reason of the instance where this comparison does not already say it. */
function whyNot({ statement, result }: Row): HtmlPart {
  if (statement.verdict !== 'inconclusive') return ''
  // That the interval straddles the bound is what the drawing shows.
  if (statement.reason === 'interval-straddles-bound' && result.margin.interval !== undefined) return ''
  return html` <span class="muted">${shortly(statement)}</span>`
}

/** The reason in two or three words: beside a row there is no room for more, and the sentence is in the title. */
function shortly(statement: Extract<Row['statement'], { readonly verdict: 'inconclusive' }>): Html {
  const why = whyUndecided(statement)
  const words: Readonly<Partial<Record<typeof statement.reason, string>>> = {
    'undefined-metric': 'not defined here',
    'holm-stopped': 'stopped by Holm',
    'too-close-to-call': 'too close to call',
    'empty-relation': 'no rows',
    'too-few-rows': 'too few rows',
    'no-variation': 'rows do not vary',
  }
  return html`<span title="${why}">${words[statement.reason] ?? why}</span>`
}

function method(rows: readonly Row[]): HtmlPart {
  const said = rows.flatMap(({ drawn }) => {
    const interval = drawn?.interval
    if (interval?.level === undefined) return []
    return [`${formatLevel(interval.level)} ${intervalMethodText(interval.method ?? '')}`.trim()]
  })
  const margins = rows.some(({ drawn }) => drawn?.unit === 'margin')
  const unique = [...new Set(said)]
  if (unique.length === 0) return ''
  return html`<p class="muted">${plural(unique.length, 'Interval')}: ${unique.join(', ')}${margins ? '; both sides are measured, so the interval is that of their difference on the same rows' : ''}.</p>`
}

/** The terms of a condition, where they say more than the comparisons do. */
function terms(statements: readonly Row['statement'][]): HtmlPart {
  const all = statements.flatMap(({ slice, terms: values = [], comparisons = [] }) =>
    values.length > comparisons.length ? values.map((term) => ({ slice, term })) : [],
  )
  if (all.length === 0) return ''
  const sliced = new Set(all.map(({ slice }) => slice)).size > 1
  const rows = all.map(
    ({ slice, term }) =>
      html`<tr>${sliced ? html`<th scope="row">${slice}</th>` : ''}<td><code>${term.expression}</code></td><td class="num">${formatValue(term.value)}</td><td class="num">${termInterval(term)}</td><td class="num">${formatCount(term.missing)}</td></tr>`,
  )
  return html`<details class="terms"><summary>${all.length} terms it is made of</summary>${table('Terms', [...(sliced ? ['slice'] : []), 'term', 'value', 'interval', 'missing'], rows)}</details>`
}

/** Of estimates without labels: what they rest on, and whether it holds. */
function assumptions(statements: readonly Row['statement'][]): HtmlPart {
  const checked = statements.flatMap(({ relation, slice, terms: values = [] }) =>
    values.flatMap(({ assumptions: found = [] }) => found.map((check) => ({ where: `${relation}: ${slice}`, check }))),
  )
  if (checked.length === 0) return ''
  const several = new Set(checked.map(({ where }) => where)).size > 1
  const rows = checked.map(
    ({ where, check }) =>
      html`<tr>${several ? html`<th scope="row">${where}</th>` : ''}<td>${check.assumption}</td><td>${check.verdict}</td><td>${check.cause}</td></tr>`,
  )
  return html`<h5>What the estimate without labels rests on</h5>${table('Assumptions', [...(several ? ['slice'] : []), 'assumption', 'checked', 'found'], rows, 'rows')}`
}

/** What the score gives at every threshold, where it was counted. */
function drawings(statements: readonly Row['statement'][]): HtmlPart {
  return statements.map(({ relation, curves }) => (curves === undefined ? '' : scoreCurves(relation, curves)))
}

function termInterval({ interval }: TermValue): Html {
  if (interval === undefined) return html`<span class="none">exact</span>`
  return html`${formatValue(interval.low)} to ${formatValue(interval.high)}`
}
