import { type Html, html } from '../html.ts'
import { binWindows, windowsPerCell } from '../production/bins.ts'
import type { ReadLane } from '../production/production.ts'
import { spanText } from '../words/time.ts'
import { guide } from './axis.ts'
import { laneDrawing, laneRow } from './lane.ts'
import { CELL_HEIGHT, verdictCells } from './verdict-cells.ts'
import type { TimeScale } from './time-scale.ts'

/** All contracts that were satisfied in every window, as one lane. */
export function quietRow(lanes: readonly ReadLane[], scale: TimeScale): Html {
  // Windows of all widths; those of the lane with most of them stand for all.
  const [most] = lanes.toSorted((a, b) => b.windows.length - a.windows.length)
  const windows = most?.windows ?? []
  const bins = binWindows(windows, windowsPerCell(windows.length))
  return laneRow({
    label: html`<a href="#runtime-contracts">${lanes.length} contracts</a>`,
    drawing: laneDrawing(
      CELL_HEIGHT,
      `${lanes.length} contracts, satisfied in every window`,
      html`${guide}${verdictCells(bins, scale, (bin) => `${spanText(bin.from, bin.to)}: contracts satisfied`)}`,
    ),
    end: html`<span class="mark satisfied">✓ ${windows.length}</span>`,
  })
}
