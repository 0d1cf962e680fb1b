import { plainText } from './words/clause.ts'

const LONGEST_TEXT = 2000

/**
 * A text as Markdown that says just that text (CommonMark and GitHub's extensions): punctuation is escaped, so that
 * nothing in it is a heading, link, image, table cell, HTML or autolink; `@name` and `#1` notify nobody; invisible and
 * bidirectional characters are shown as `\u{…}`; line breaks become spaces.
 */
export function escapeMarkdown(text: string): string {
  return (
    clipped(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_[\]~$]/g, '\\$&')
      // An entity, because in a table a backslash before a bar means different things to different readers.
      .replaceAll('|', '&#124;')
      // What would be a list, a heading, a rule or a quote at the start of a block.
      .replace(/^([-+=#]|\d+(?=[.)](\s|$)))/, (start) => (/\d/.test(start) ? `${start}<!-- -->` : `\\${start}`))
      // Emoji codes, autolinks, mentions and references to issues.
      .replaceAll(/(?<!\w):(?=[\w+-]+:)/g, '\\:')
      .replaceAll(/(:(?=\/\/)|\bwww(?=\.)|[@#](?=\w))/gi, '$1<!-- -->')
  )
}

/** A sentence of ours in which `code` is marked by backticks; an odd number of them marks nothing. */
export function escapeProse(sentence: string): string {
  const parts = sentence.split('`')
  if (parts.length % 2 === 0) return escapeMarkdown(sentence)
  return parts.map((part, i) => (i % 2 === 1 ? codeSpan(part) : escapeInside(part))).join('')
}

/** A part of a sentence keeps the spaces at its ends. */
function escapeInside(part: string): string {
  const before = /^\s/.test(part) ? ' ' : ''
  const after = /\s$/.test(part) && part.trim() !== '' ? ' ' : ''
  return `${before}${escapeMarkdown(part)}${after}`
}

/** A text as a code span, also inside a table. The fence is longer than any run of backticks in it. */
export function codeSpan(text: string): string {
  const shown = clipped(text)
  if (shown === '') return '` `'
  // A code span cannot hold a bar in every reader's tables.
  if (shown.includes('|')) return `<code>${escapeMarkdown(shown)}</code>`
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** A table; cells are Markdown already. No rows, no table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`
}

/** A bulleted list; items are Markdown already. */
export function markdownList(items: readonly string[]): string {
  return items.map((item) => `- ${item}\n`).join('')
}

function clipped(text: string): string {
  const shown = plainText(text)
  const cut = shown.length <= LONGEST_TEXT ? shown : `${Array.from(shown.slice(0, LONGEST_TEXT)).join('')}…`
  return cut.isWellFormed() ? cut : cut.toWellFormed()
}
