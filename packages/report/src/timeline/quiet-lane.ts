import { type Html, html } from '../html.ts'
import { binWindows, windowsPerCell } from '../production/bins.ts'
import type { ReadLane } from '../production/production.ts'
import { together } from '../production/together.ts'
import { spanText } from '../words/time.ts'
import { countsText } from '../words/verdict.ts'
import { guide } from './axis.ts'
import { laneDrawing, laneRow } from './lane.ts'
import type { TimeScale } from './time-scale.ts'
import { CELL_HEIGHT, verdictCells } from './verdict-cells.ts'

/** All contracts that were never violated, as one lane. */
export function quietRow(lanes: readonly ReadLane[], scale: TimeScale): Html {
  const windows = together(lanes)
  const known = new Map(windows.map((window) => [window.from, window]))
  const bins = binWindows(windows, windowsPerCell(windows.length))
  const cells = verdictCells(bins, scale, ({ from, to, windows: found, counts }) => {
    const one = found.length === 1 ? known.get(from) : undefined
    const words = one === undefined ? countsText(counts) : `${one.gravest} of ${one.lanes} contracts ${one.verdict}`
    return `${spanText(from, to)}: ${words}`
  })
  return laneRow({
    label: html`<a href="#runtime-contracts">${lanes.length} contracts</a>`,
    drawing: laneDrawing(CELL_HEIGHT, `${lanes.length} contracts, never violated`, html`${guide}${cells}`),
    end: html`<span class="mark satisfied">✓ ${windows.length}</span>`,
  })
}
