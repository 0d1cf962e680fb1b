import type { Change, SpecChange } from '@plumbline/core/change'
import { codeSpan, escapeMarkdown, escapeProse, markdownTable } from '../markdown.ts'
import { changeCounts, changeNote, changesByKind, changeSign, facetText, versionText } from './words.ts'

/** Rows of one kind; a forge refuses long comments. */
const MOST_ROWS = 100
const SHOWN_OPEN = new Set(['removed', 'weakened', 'incomparable'])

/** A comment for a pull request: what is lost first, what is gained folded, and how the version has to move. */
export function renderChangeMarkdown(change: SpecChange): string {
  const groups = changesByKind(change).filter(([kind]) => kind !== 'unchanged')
  const lost = groups.some(([kind]) => SHOWN_OPEN.has(kind))
  const sign = lost || !change.version.enough ? '✗' : '✓'
  const parts = groups.map(([kind, changes]) => {
    const table = markdownTable(['', 'clause', 'what changed'], changes.slice(0, MOST_ROWS).map(row))
    const more = changes.length > MOST_ROWS ? `\n${changes.length - MOST_ROWS} more are not shown.\n` : ''
    return SHOWN_OPEN.has(kind)
      ? `**${changes.length} ${kind}**\n\n${table}${more}`
      : `<details><summary>${changes.length} ${kind}</summary>\n\n${table}${more}\n</details>\n`
  })
  return [
    `### ${sign} Plumbline: what changed in ${escapeMarkdown(change.after.name)}\n`,
    `${changeCounts(change)}. ${escapeMarkdown(versionText(change))}\n`,
    ...parts,
    `<sub>Spec ${codeSpan(change.before.digest)} → ${codeSpan(change.after.digest)}</sub>\n`,
  ].join('\n')
}

function row(change: Change): readonly string[] {
  const note = changeNote(change)
  const facets = change.facets.map((facet) => {
    const witness = facet.witness === undefined ? '' : `<br>${escapeMarkdown(facet.witness)}`
    return `${escapeMarkdown(facetText(facet))}${witness}`
  })
  const words = note === undefined ? [] : [escapeProse(note)]
  return [changeSign[change.kind], codeSpan(change.id), [...facets, ...words].join('<br>')]
}
