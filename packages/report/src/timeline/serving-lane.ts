import { type Html, type HtmlPart, html, trusted } from '../html.ts'
import type { EventEntry } from '../input.ts'
import type { Production } from '../production/production.ts'
import { type Tenure, versionColor, versionName } from '../production/versions.ts'
import { shortDigest } from '../words/clause.ts'
import { instantText, readInstant } from '../words/time.ts'
import { guide } from './axis.ts'
import { laneDrawing, laneRow } from './lane.ts'
import { markAt } from './marks.ts'
import { percent, type TimeScale } from './time-scale.ts'

const BAR_TOP = 18
const BAR_HEIGHT = 24
const ANSWERED_TOP = BAR_TOP + BAR_HEIGHT + 3
const HEIGHT = ANSWERED_TOP + 8

/** The versions in production as bars, with promotions, rollbacks and what was read back; below, who answered by the evidence. */
export function servingRow(production: Production, scale: TimeScale): Html | '' {
  const { serving } = production
  if (serving.tenures.length === 0) return ''
  const bars = serving.tenures.map((tenure) => bar(production, tenure, scale))
  const marks = serving.tenures.map((tenure) => tenureMarks(production, tenure, scale))
  const described = serving.tenures
    .map(
      ({ digest, from }) => `${versionName(serving, digest)}${from === undefined ? '' : ` from ${instantText(from)}`}`,
    )
    .join(', ')
  return laneRow({
    label: html`<b>in production</b>`,
    drawing: laneDrawing(
      HEIGHT,
      `Version in production: ${described}`,
      html`${guide}${bars}${withoutGuard(production.events, scale)}${answered(production, scale)}${marks}`,
    ),
    end: serving.now === undefined ? '' : html`<b>${serving.now.name}</b> now`,
    kind: 'serving',
  })
}

function bar({ serving }: Production, tenure: Tenure, scale: TimeScale): Html {
  const { digest, from, to, promotion } = tenure
  const [left, right] = [scale.at(from ?? scale.from), scale.at(to ?? scale.to)]
  // It ended before the axis begins.
  if (right <= left) return html``
  const name = versionName(serving, digest)
  const since = from === undefined ? promotion.promotedAt : instantText(from)
  const title = `${name} ${digest}, promoted ${since}${to === undefined ? '' : `, until ${instantText(to)}`}`
  // A drawing of its own cuts the text where the bar ends.
  return html`<svg class="version v${trusted(String(versionColor(serving, digest) ?? 0))}" x="${percent(left)}" y="${BAR_TOP}" width="${percent(right - left)}" height="${BAR_HEIGHT}"><title>${title}</title><rect width="100%" height="100%"/><text x="7" y="16.5"><tspan class="name">${name}</tspan> <tspan class="digest">${shortDigest(digest).replace('sha256:', '')}</tspan></text></svg>`
}

function tenureMarks({ serving }: Production, tenure: Tenure, scale: TimeScale): Html {
  const { from, promotion, deployed, mismatches, digest } = tenure
  const name = versionName(serving, digest)
  const title = (text: string, mark: HtmlPart): Html => html`<g><title>${text}</title>${mark}</g>`
  const back = promotion.rollback !== undefined
  const put =
    from === undefined || from < scale.from || from > scale.to
      ? ''
      : title(
          `${name} ${back ? 'brought back' : 'promoted'} ${instantText(from)}${deployed === undefined ? ', not read back' : ', read back: it is this version'}`,
          markAt(back ? 'rolled-back' : 'promoted', scale.at(from), 9),
        )
  return html`${put}${mismatches.map((event) => {
    const at = readInstant(event.at)
    return at === undefined
      ? ''
      : title(`${instantText(at)}: what was read back is not ${name}`, markAt('mismatch', scale.at(at), 9, 14))
  })}`
}

/** Times in which no guard answered, between one that stopped and the next that started. */
function withoutGuard(events: readonly EventEntry[], scale: TimeScale): HtmlPart {
  const guards = events.filter(({ kind, subject }) => kind.startsWith('guard.') && subject === 'production')
  return guards.map((event, i) => {
    const next = guards[i + 1]
    const [from, to] = [readInstant(event.at), next === undefined ? undefined : readInstant(next.at)]
    if (event.kind !== 'guard.stopped' || from === undefined || to === undefined || to <= from) return ''
    const [left, right] = [scale.at(from), scale.at(to)]
    return html`<rect class="no-guard" x="${percent(left)}" y="${BAR_TOP}" width="${percent(right - left)}" height="${BAR_HEIGHT}"><title>no guard answered, ${instantText(from)} to ${instantText(to)}</title></rect>`
  })
}

/** A thin line of the versions that answered, as the evidence of each window names them: what was promoted and what served can be compared. */
function answered({ lanes, serving }: Production, scale: TimeScale): HtmlPart {
  const windows = new Map<string, { from: number; to: number; versions: Set<string> }>()
  for (const lane of lanes) {
    for (const { from, to, answers } of lane.windows) {
      const key = `${from}/${to}`
      const known = windows.get(key) ?? { from, to, versions: new Set<string>() }
      for (const { version } of answers) if (version !== undefined) known.versions.add(version)
      windows.set(key, known)
    }
  }
  const spans = merged([...windows.values()].filter(({ from, to, versions }) => to > from && versions.size > 0))
  return spans.flatMap(({ from, to, versions }) => {
    const names = [...versions]
    const [left, right] = [scale.at(from), scale.at(to)]
    const part = (right - left) / names.length
    return names.map(
      (digest, i) =>
        html`<rect class="answered v${trusted(String(versionColor(serving, digest) ?? 0))}" x="${percent(left + i * part)}" y="${ANSWERED_TOP}" width="${percent(part)}" height="4"><title>answered by ${versionName(serving, digest)}</title></rect>`,
    )
  })
}

interface Answered {
  readonly from: number
  readonly to: number
  readonly versions: ReadonlySet<string>
}

/** Neighbours with the same versions are one; of windows that overlap, the shorter ones are kept. */
function merged(windows: readonly Answered[]): readonly Answered[] {
  const sorted = windows.toSorted((a, b) => a.from - b.from || a.to - b.to)
  const spans: Answered[] = []
  for (const window of sorted) {
    const last = spans.at(-1)
    if (last !== undefined && window.from < last.to) continue
    const same =
      last !== undefined && last.to === window.from && [...last.versions].join() === [...window.versions].join()
    if (same) spans[spans.length - 1] = { ...last, to: window.to }
    else spans.push(window)
  }
  return spans
}
