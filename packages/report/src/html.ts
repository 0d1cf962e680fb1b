import { plainText } from './words/clause.ts'

/** Markup that is safe to put into a page. Made by `html` and `trusted` only. */
export interface Html {
  readonly kind: 'html'
  readonly text: string
}

/** What may stand in a template: texts and numbers are escaped, markup and lists of it are kept, the rest is nothing. */
export type HtmlPart = Html | string | number | bigint | undefined | false | readonly HtmlPart[]

/** A text of a spec or of data may be this long on a page; what follows is counted, not shown. */
const LONGEST_TEXT = 4000

/** A template of markup: everything put into it is escaped unless it is markup already. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0] ?? ''
  for (let i = 0; i < parts.length; i++) text += renderPart(parts[i]) + (strings[i + 1] ?? '')
  return { kind: 'html', text }
}

/** Markup written by us, such as the style sheet. Never for anything that a spec or data can influence. */
export function trusted(text: string): Html {
  return { kind: 'html', text }
}

/** Parts with markup between them. */
export function joined(parts: readonly HtmlPart[], between: HtmlPart): Html {
  return html`${parts.flatMap((part, i) => (i === 0 ? [part] : [between, part]))}`
}

function renderPart(part: HtmlPart): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number' || typeof part === 'bigint') return String(part)
  if ('kind' in part) return part.text
  return part.map(renderPart).join('')
}

/**
 * A text as markup, for content and quoted attributes alike: white space becomes single spaces; control,
 * bidirectional and other invisible characters are shown as `\u{…}`, so that a text cannot hide or reorder what it says.
 */
export function escapeText(text: string): string {
  const cut = text.length > LONGEST_TEXT ? Array.from(text.slice(0, LONGEST_TEXT)) : undefined
  const kept = cut === undefined ? text : `${cut.join('')}… (${text.length - LONGEST_TEXT} more characters)`
  return spaced(kept)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('`', '&#96;')
}

/** The space at either end belongs to the sentence around it. */
function spaced(text: string): string {
  const before = /^\s/.test(text) ? ' ' : ''
  const after = /\s$/.test(text) && text.trim() !== '' ? ' ' : ''
  return `${before}${plainText(text)}${after}`
}
