import { type Html, type HtmlPart, html, joined } from '../html.ts'
import { drawnOf } from '../production/measured.ts'
import type { ReportInput } from '../input.ts'
import { movedIn } from '../production/moved.ts'
import type { Production, ReadLane } from '../production/production.ts'
import { type Attempt, stepWord } from '../production/retraining.ts'
import { type LaneEpisode, type StoryEntry, storyOf, summary } from '../production/story.ts'
import { type Tenure, versionColor, versionName } from '../production/versions.ts'
import { boundText, valueText } from '../svg/interval.ts'
import { inlineMark } from '../timeline/marks.ts'
import { refusalText } from '../words/refusal.ts'
import { formatNumber } from '../words/number.ts'
import { plural } from '../words/clause.ts'
import { dayText, instantText, lastingText, readInstant, spanText } from '../words/time.ts'
import { digestCode } from './parts.ts'

/** More than this is no summary; the sections below have all of it. */
const MOST_ENTRIES = 16
const MOST_NAMED = 3

/** What happened, a line each, and what serves now. */
export function story({ program }: Pick<ReportInput, 'program'>, production: Production): Html | '' {
  const entries = storyOf(production)
  if (entries.length === 0) return ''
  const shown = summary(entries, MOST_ENTRIES, answeredClauses(program))
  const left = entries.length - shown.length
  const lines = shown.map(
    (entry) =>
      html`<li class="${kindClass(entry)}"><span class="at">${entry.at === undefined ? 'before' : instantText(entry.at)}</span><span class="what">${sentence(production, entry)}</span></li>`,
  )
  return html`<ol class="story">${lines}${left > 0 && html`<li class="skipped-entries">${left} more ${plural(left, 'thing')} happened; the timeline and the sections below have them.</li>`}</ol>`
}

/** The clauses that a retraining or a rollback answers. */
function answeredClauses({ retrain, release }: ReportInput['program']): ReadonlySet<string> {
  return new Set([...(retrain?.when ?? []), ...release.production.rollback])
}

function kindClass(entry: StoryEntry): string {
  return entry.kind === 'retrained' ? entry.attempt.state : entry.kind
}

function sentence(production: Production, entry: StoryEntry): Html {
  switch (entry.kind) {
    case 'violated':
      return violatedText(entry.episodes)
    case 'retrained':
      return retrainedText(production, entry.attempt)
    case 'promoted':
      return html`${inlineMark('promoted')} ${versionTag(production, entry.tenure.digest)} promoted${readBack(entry.tenure)}.`
    case 'rolled-back': {
      const { tenure, because } = entry
      const from = tenure.promotion.rollback?.from
      const why =
        because === undefined
          ? html` (evidence ${digestCode(tenure.promotion.rollback?.reason ?? '')})`
          : html`, because ${laneLink(because.lane)} was violated ${spanText(because.window.from, because.window.to)}${foundIn(because.lane, because.evidence)}`
      return html`${inlineMark('rolled-back')} ${from === undefined ? '' : html`${versionTag(production, from)} `}rolled back to ${versionTag(production, tenure.digest)}${why}${readBack(tenure)}.`
    }
    case 'mismatch':
      return html`${inlineMark('mismatch')} What was read back from ${entry.event.subject} was not ${versionTag(production, entry.event.digest)}, which was to be loaded.`
  }
}

function violatedText([first, ...more]: readonly [LaneEpisode, ...LaneEpisode[]]): Html {
  const all = [first, ...more].toSorted((a, b) => rank(a) - rank(b))
  const shown = all.slice(0, MOST_NAMED).map(episodeText)
  const rest = all.length - shown.length
  return html`<span class="mark violated">✗</span> ${joined(shown, '; ')}${rest > 0 && html`; and ${rest} more`}.`
}

/** What blocks is named first, and of that what was written by hand. */
function rank({ lane }: LaneEpisode): number {
  return (lane.severity === 'block' ? 0 : 2) + (lane.clause?.origin === 'authored' ? 0 : 1)
}

function episodeText({ lane, windows, ongoing, from, times }: LaneEpisode): Html {
  const [first, last] = [windows[0], windows.at(-1)]
  if (first === undefined || last === undefined) return html``
  const begun = from < first.from ? `, beyond its bound since ${dayText(from)}` : ''
  const when = `${windows.length === 1 ? '' : ` in ${windows.length} windows${times > 1 ? ` of ${times} stretches` : ''},`} ${spanText(first.from, last.to)}${begun}`
  const worst = worstOf(lane, windows)
  const terms = movedIn(lane.moved, windows, lane.series?.points[0]?.drawn)
  const moved =
    terms.length === 0
      ? ''
      : html`; moved most: ${joined(
          terms.slice(0, 3).map(({ name, worst: value }) => html`<b>${name}</b> ${formatNumber(value)}`),
          ', ',
        )}`
  return html`${laneLink(lane)} violated${when}${ongoing ? ' and not over' : ''}${worst}${moved}`
}

function worstOf(lane: ReadLane, windows: LaneEpisode['windows']): HtmlPart {
  const drawn = (lane.series?.points ?? []).filter(({ window }) => windows.includes(window)).map((point) => point.drawn)
  const [worst] = drawn.toSorted((a, b) => beyond(b) - beyond(a))
  if (worst === undefined) return ''
  return html`: <b>${valueText(worst)}</b>${windows.length > 1 ? ' at worst' : ''}, allowed ${boundText(worst)}`
}

function beyond({ value, bound, allowed }: NonNullable<ReturnType<typeof drawnOf>>): number {
  return allowed === 'above' ? bound - value : value - bound
}

function foundIn(lane: ReadLane, id: string): string {
  const evidence = lane.windows
    .flatMap(({ answers }) => answers.flatMap((answer) => [answer.evidence, ...answer.replaced]))
    .find((each) => each.id === id)
  const drawn = evidence === undefined ? undefined : drawnOf(lane.clause, evidence.statement, lane.series?.expression)
  return drawn === undefined ? '' : ` (${valueText(drawn)}, allowed ${boundText(drawn)})`
}

function retrainedText(production: Production, attempt: Attempt): Html {
  const { subject, steps, state, challenger, reason, from, to } = attempt
  const lane = production.lanes.find(({ id }) => id === subject)
  const asked = lane === undefined ? html`<b>${subject}</b>` : laneLink(lane)
  const path = html`<span class="steps">${steps.map((step, i) => html`${i === 0 ? '' : ' → '}${stepWord(step)}`)}</span>`
  const took = to > from ? `, in ${lastingText(to - from)}` : ''
  const tenure = production.serving.tenures.find(
    ({ digest, from: since }) => digest === challenger && since !== undefined && since >= from,
  )
  const outcome =
    state === 'promoted' && challenger !== undefined
      ? html`; ${versionTag(production, challenger)} promoted${tenure === undefined ? '' : readBack(tenure)}`
      : state === 'refused'
        ? html`; refused${reason === undefined ? '' : html`: <b>${refusalText(reason)}</b>`}${challenger === undefined ? '' : html`, challenger ${digestCode(challenger)}`}`
        : '; not at its end'
  return html`<span class="mark">↻</span> Retraining asked for by ${asked}: ${path}${outcome}${took}.`
}

function readBack({ deployed, mismatches, started }: Tenure): HtmlPart {
  if (deployed !== undefined) {
    const at = readInstant(deployed.at)
    return html`, read back${at === undefined ? '' : ` ${instantText(at)}`} ${inlineMark('deployed')}`
  }
  if (mismatches.length > 0) return ', and something else was read back'
  const at = started === undefined ? undefined : readInstant(started.at)
  return at === undefined ? ', not read back' : `, loaded by the guard that started ${instantText(at)}`
}

function laneLink({ anchor, id, slice }: ReadLane): Html {
  return html`<a href="#${anchor}"><code class="id">${id}</code></a>${slice === 'all' ? '' : ` [${slice}]`}`
}

/** The name of a version in its color; of one that was never promoted, its digest. */
export function versionTag({ serving }: Pick<Production, 'serving'>, digest: string): Html {
  const color = versionColor(serving, digest)
  return color === undefined
    ? digestCode(digest)
    : html`<span class="version-tag v${color}" title="${digest}">${versionName(serving, digest)}</span>`
}
