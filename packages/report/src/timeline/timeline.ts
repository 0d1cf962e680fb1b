import { type Html, type HtmlPart, html, joined } from '../html.ts'
import { binWindows, windowsPerCell } from '../production/bins.ts'
import { orderLanes } from '../production/order.ts'
import type { Production, ReadLane } from '../production/production.ts'
import { versionName } from '../production/versions.ts'
import { countVerdicts } from '../words/verdict.ts'
import { axisRow, guide, guideLines } from './axis.ts'
import { alertRows, retrainingRow } from './event-lanes.ts'
import { laneDrawing, laneRow } from './lane.ts'
import { cellWords, laneWords } from './lane-words.ts'
import { definitions } from './marks.ts'
import { movedRow } from './moved-lane.ts'
import { quietRow } from './quiet-lane.ts'
import { CHART_BOTTOM, seriesChart } from './series-chart.ts'
import { servingRow } from './serving-lane.ts'
import { CELL_HEIGHT, verdictCells } from './verdict-cells.ts'
import { type TimeScale, timeScale } from './time-scale.ts'

/** Columns shown beneath a lane that one of them moved. */
const MOST_MOVED = 4

/** The whole of production on one axis of time; empty where nothing happened yet. */
export function timeline(production: Production): Html | '' {
  const { span } = production
  if (span === undefined) return ''
  const scale = timeScale(span)
  const lines = guideLines(
    scale,
    production.serving.tenures.flatMap(({ from }) => from ?? []),
  )
  const { shown, quiet } = orderLanes(production.lanes)
  return html`${definitions(lines)}<div class="timeline">${axisRow(scale)}${servingRow(production, scale)}${retrainingRow(production, scale)}${alertRows(production, scale)}${shown.map((lane) => laneRows(production, lane, scale))}${quiet.length > 0 && quietRow(quiet, scale)}${axisRow(scale)}</div>`
}

function laneRows(production: Production, lane: ReadLane, scale: TimeScale): Html {
  const bins = binWindows(lane.windows, windowsPerCell(lane.windows.length))
  const chart = lane.series === undefined ? undefined : seriesChart(lane.series, bins, scale)
  const nameOf = (digest: string): string => versionName(production.serving, digest)
  const cells = verdictCells(bins, scale, (bin) => cellWords(lane, bin, nameOf))
  const row = laneRow({
    label: label(lane),
    drawing: laneDrawing(
      chart === undefined ? CELL_HEIGHT : CHART_BOTTOM,
      laneWords(lane),
      html`${guide}${cells}${chart?.drawing}`,
    ),
    end: html`<span class="counts">${counts(lane)}</span>${chart?.labels}`,
  })
  return html`${row}${moved(lane, scale)}`
}

function label({ anchor, id, slice, severity, clause, series }: ReadLane): Html {
  const expression = series?.expression ?? ''
  return html`<a class="id" href="#${anchor}" title="${clause?.says ?? id}">${breakable(id)}</a>${slice === 'all' ? '' : html` <span class="tag">${slice}</span>`}${severity === 'block' ? '' : html` <span class="tag">${severity}</span>`}${expression === '' ? '' : html`<code class="asked" title="${expression}">${expression}</code>`}`
}

/** A name of several parts may be broken between them. */
function breakable(id: string): Html {
  return joined(id.split('.'), html`.<wbr>`)
}

/** How often it was violated and undecided: what a lane of hundreds of windows does not let one count. */
function counts({ windows }: ReadLane): HtmlPart {
  const { violated, error, inconclusive, satisfied } = countVerdicts(windows.map(({ verdict }) => verdict))
  return html`${violated > 0 && html`<span class="mark violated" title="${violated} violated">✗ ${violated}</span> `}${error > 0 && html`<span class="mark error" title="${error} error">! ${error}</span> `}${inconclusive > 0 && html`<span class="mark inconclusive" title="${inconclusive} inconclusive">? ${inconclusive}</span>`}${violated + error + inconclusive === 0 && html`<span class="mark satisfied" title="${satisfied} satisfied">✓ ${satisfied}</span>`}`
}

function moved(lane: ReadLane, scale: TimeScale): HtmlPart {
  const drawn = lane.series?.points[0]?.drawn
  // Bars grow from zero: they can show a bound that is above it and not to be exceeded.
  if (drawn === undefined || drawn.allowed !== 'below' || drawn.bound <= 0 || lane.moved.length === 0) return ''
  const greatest = Math.max(...lane.moved.map(({ worst }) => worst))
  const rest = lane.moved.length - MOST_MOVED
  return html`${lane.moved.slice(0, MOST_MOVED).map((term) => movedRow(term, { bound: drawn.bound, greatest }, scale))}${
    rest > 0 &&
    html`<p class="lane-note">${rest} more moved beyond the bound: ${lane.moved
      .slice(MOST_MOVED)
      .map(({ name }) => name)
      .join(', ')}</p>`
  }`
}
