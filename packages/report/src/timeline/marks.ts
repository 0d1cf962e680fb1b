import { type Html, html, trusted } from '../html.ts'
import { percent } from './time-scale.ts'

/** A sign on a lane. */
export type Mark =
  | 'promoted'
  | 'rolled-back'
  | 'deployed'
  | 'mismatch'
  | 'sent'
  | 'resolved'
  | 'failed'
  | 'labels'
  | 'late'

/** Paths around the origin, about ten pixels wide; some are drawn by their line, some are filled (see the style sheet). */
const PATHS: Readonly<Record<Mark, string>> = {
  promoted: 'M0-6L6 5H-6Z',
  'rolled-back': 'M-4.5-1A5 5 0 1 1-3 4M-5-6V-1H0',
  deployed: 'M-4 0L-1 3.5L5-4',
  mismatch: 'M-4-4L4 4M-4 4L4-4',
  sent: 'M-5.5-4H5.5L0 5.5Z',
  resolved: 'M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z',
  failed: 'M-4-4L4 4M-4 4L4-4',
  labels: 'M-4-3H4M-4 0H4M-4 3H1',
  late: 'M-1 0H-8L-1 7Z',
}

/** The paths of all marks, and what else is drawn more than once; at the beginning of a page. */
export function definitions(more: Html): Html {
  const paths = Object.entries(PATHS).map(([name, d]) => html`<path id="mark-${name}" d="${d}"/>`)
  return html`<svg class="defs" width="0" height="0" aria-hidden="true"><defs>${paths}${more}</defs></svg>`
}

/** A mark at a place of the axis (percent) and a height (pixels), moved aside by so many pixels where another one stands there. */
export function markAt(mark: Mark, place: number, y: number, aside = 0): Html {
  if (aside !== 0)
    return html`<svg class="over" x="${percent(place)}"><use class="m-${trusted(mark)}" href="#mark-${trusted(mark)}" x="${aside}" y="${y}"/></svg>`
  return html`<use class="m-${trusted(mark)}" href="#mark-${trusted(mark)}" x="${percent(place)}" y="${y}"/>`
}

/** A mark in a line of text. */
export function inlineMark(mark: Mark): Html {
  return html`<svg class="inline-mark" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><use class="m-${trusted(mark)}" href="#mark-${trusted(mark)}"/></svg>`
}
