import { type Html, html } from '../html.ts'
import type { ColumnPicture, ColumnSide, DatasetPicture } from '../picture.ts'
import { thenAndNow } from '../svg/then-and-now.ts'
import { formatCount, formatNumber, formatShare } from '../words/number.ts'
import { correlations, gaps } from './profile-tables.ts'
import { section } from './parts.ts'

/** How the data lies: every column as it is and was, what is missing together, and what goes together. */
export function profile(all: readonly DatasetPicture[]): Html | '' {
  const shown = all.filter(({ columns }) => columns.some(({ bins }) => bins.length > 0))
  if (shown.length === 0) return ''
  return section(
    'profile',
    'Profile',
    'How the values of the data lie. It decides nothing: clauses do.',
    shown.map(
      (picture) =>
        html`<h3><code>${picture.relation}</code></h3>${legend(picture)}${columns(picture)}${gaps(picture)}${correlations(picture)}`,
    ),
  )
}

function legend({ now, before }: DatasetPicture): Html {
  if (before === undefined) return html`<p class="muted">${formatCount(now.rows)} rows.</p>`
  return html`<p class="legend"><span class="key now" aria-hidden="true"></span>now: ${now.label}, ${formatCount(now.rows)} rows <span class="key then" aria-hidden="true"></span>before: ${before.label}, ${formatCount(before.rows)} rows. Bars are shares of the rows of their side; “moved” is the share of rows that would have to change bars to look like before.</p>`
}

/** Most moved first where there is something to compare with; else in the order of the data. */
function columns(picture: DatasetPicture): Html {
  const drawn = picture.columns.filter(({ bins }) => bins.length > 0)
  const ordered = picture.before === undefined ? drawn : drawn.toSorted((a, b) => (b.moved ?? 0) - (a.moved ?? 0))
  return html`<div class="histograms">${ordered.map((column) => figure(column, picture))}</div>`
}

/** A share from which on a shift is marked; the eye finds smaller ones in any two halves of the same rows. */
const MARKED = 0.1

function figure(
  { column, bins, now, before, moved }: ColumnPicture,
  { now: side, before: other }: DatasetPicture,
): Html {
  const [first, last] = [bins[0]?.label ?? '', bins.length > 1 ? (bins.at(-1)?.label ?? '') : '']
  const shift =
    moved === undefined
      ? html``
      : html`<span class="${moved >= MARKED ? 'moved much' : 'moved'}">moved ${formatShare(moved)}</span>`
  const sides = { now: side.rows, ...(other === undefined ? {} : { before: other.rows }) }
  return html`<figure><figcaption><code>${column}</code> ${shift}</figcaption>${thenAndNow(bins, column, sides)}<p class="ends"><span>${first}</span><span>${last}</span></p>${sayings(now, before, side.rows, other?.rows)}</figure>`
}

/** Missing cells and the middle in words, each with what it was. */
function sayings(now: ColumnSide, before: ColumnSide | undefined, rows: number, rowsBefore: number | undefined): Html {
  const share = (missing: number, of: number): string => (of > 0 ? formatShare(missing / of) : '–')
  const was = (text: string | undefined): string => (text === undefined ? '' : ` (was ${text})`)
  const parts: string[] = []
  if (now.missing > 0 || (before?.missing ?? 0) > 0)
    parts.push(
      `missing ${share(now.missing, rows)}${was(before === undefined || rowsBefore === undefined ? undefined : share(before.missing, rowsBefore))}`,
    )
  if (now.summary !== undefined) {
    const [, low, middle, high] = now.summary.five
    parts.push(
      `median ${formatNumber(middle)}${was(before?.summary === undefined ? undefined : formatNumber(before.summary.five[2]))}`,
      `half in ${formatNumber(low)} to ${formatNumber(high)}`,
    )
  }
  return parts.length === 0 ? html`` : html`<p class="saying">${parts.join(' · ')}</p>`
}
