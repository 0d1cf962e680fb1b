import { type Html, type HtmlPart, html } from '../html.ts'

/** One row of a timeline: what it is about, the drawing, and what is worth a number at its end. */
export interface LaneRow {
  readonly label: HtmlPart
  readonly drawing: Html
  readonly end?: HtmlPart
  /** Another class, such as that of a part of the lane above. */
  readonly kind?: string
}

/** A lane with its label and its end. */
export function laneRow({ label, drawing, end = '', kind = '' }: LaneRow): Html {
  return html`<div class="lane ${kind}"><div class="lane-label">${label}</div><div class="lane-drawing">${drawing}</div><div class="lane-end">${end}</div></div>`
}

/** A drawing as wide as its place. `described` says in words what it shows. */
export function laneDrawing(height: number, described: string, body: HtmlPart): Html {
  return html`<svg width="100%" height="${height}" role="img" aria-label="${described}">${body}</svg>`
}
