import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { toString } from 'mdast-util-to-string'
import { gfmTable } from 'micromark-extension-gfm-table'
import { shorten } from '../diagnostics/shorten.ts'
import { requirementColumns } from './columns.ts'
import type { RequirementCollector } from './requirement-file.ts'
import { addRow } from './table-row.ts'

type RootContent = ReturnType<typeof fromMarkdown>['children'][number]
type Table = Extract<RootContent, { readonly type: 'table' }>
type Item = Extract<RootContent, { readonly type: 'listItem' }>

/** An id at the beginning of a heading: letters first, then a number somewhere, such as `R-1`, `SRS_4.2`, `REQ-12a`. */
const HEADING = /^\[?(\p{L}[\p{L}\p{N}]*(?:[-_.][\p{L}\p{N}]+)*)\]?(?:\s*[:.–—-]\s+|\s+|$)/u

/** An id at the beginning of an item of a list, which has to be set apart: `R-1: …`, `[R-1] …`. */
const ITEM =
  /^(?:\[[ xX]\]\s+)?(?:\[(\p{L}[\p{L}\p{N}]*(?:[-_.][\p{L}\p{N}]+)+)\]\s*:?|(\p{L}[\p{L}\p{N}]*(?:[-_.][\p{L}\p{N}]+)+)\s*(?::|\s[–—-]\s))\s*/u

/**
 * Reads headings that begin with an id (what is under one, down to the next heading, is its text), items of lists that do
 * and are under no such heading, and tables with a column of ids.
 */
export function readMarkdown(text: string, into: RequirementCollector): void {
  const document = fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
  const children = flattened(document.children)
  let found = 0
  // What stands under a requirement's heading is its text.
  let under = false
  children.forEach((node, i) => {
    if (node.type === 'table') found += readTable(node, into)
    if (node.type === 'listItem' && !under) found += readItem(node, into)
    if (node.type !== 'heading') return
    const title = toString(node).trim()
    const id = HEADING.exec(title)
    under = id?.[1] !== undefined && /\p{N}/u.test(id[1])
    if (id?.[1] === undefined || !under) return
    found++
    const body = sectionAfter(children, i)
    const says = title.slice(id[0].length).trim()
    const line = node.position?.start.line
    into.add({
      id: id[1],
      says: says === '' ? body : says,
      ...(says === '' || body === '' ? {} : { text: body }),
      ...(line === undefined ? {} : { line }),
    })
  })
  if (found === 0)
    into.problem('it has no heading or list item that begins with an id, and no table with a column `id`')
}

/** What quotes and lists hold, in its order: a heading in one is a heading. */
function flattened(nodes: readonly RootContent[]): readonly RootContent[] {
  const flat: RootContent[] = []
  // A stack of our own: quotes can be nested as deeply as a file is long.
  const open: RootContent[] = nodes.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type !== 'blockquote' && node.type !== 'list') flat.push(node)
    if (node.type === 'blockquote' || node.type === 'list' || node.type === 'listItem')
      open.push(...node.children.toReversed())
  }
  return flat
}

/** The words between a heading and the next one; tables of requirements speak for themselves. */
function sectionAfter(children: readonly RootContent[], heading: number): string {
  const rest = children.slice(heading + 1)
  const end = rest.findIndex((node) => node.type === 'heading')
  return (
    rest
      .slice(0, end < 0 ? rest.length : end)
      // The parts of an item follow it.
      .filter((node) => node.type !== 'table' && node.type !== 'listItem')
      .map((node) => toString(node).trim())
      .filter((words) => words !== '')
      .join('\n')
  )
}

/** Reads an item of a list, if it begins with an id; what lists within it say is no part of it. */
function readItem({ children, position }: Item, into: RequirementCollector): number {
  const words = children
    .filter((node) => node.type !== 'list')
    .map((node) => toString(node).trim())
    .join('\n')
  const match = ITEM.exec(words)
  const id = match?.[1] ?? match?.[2]
  if (match === null || id === undefined || !/\p{N}/u.test(id)) return 0
  const line = position?.start.line
  into.add({ id, says: words.slice(match[0].length).trim(), ...(line === undefined ? {} : { line }) })
  return 1
}

/** Reads a table, if it is one of requirements; how many rows it has. */
function readTable({ children, position }: Table, into: RequirementCollector): number {
  const [header, ...rows] = children
  const names = header?.children.map((cell) => toString(cell)) ?? []
  const columns = requirementColumns(names)
  if (columns === undefined) {
    // A table of something else is no matter; one whose first cells are ids would be missed in silence.
    const first = rows.map((row) => (row.children[0] === undefined ? '' : toString(row.children[0]).trim()))
    if (first.length > 0 && first.every((id) => /^\p{L}+[-_.]?\p{N}[\p{L}\p{N}_.-]*$/u.test(id)))
      into.problem(
        `a table begins with what looks like an id (\`${shorten(first[0] ?? '')}\`), but its header (${shorten(names.join(', '), 120)}) names no column \`id\` beside one of \`says\`, \`title\` or \`text\``,
        position?.start.line,
      )
    return 0
  }
  for (const row of rows)
    addRow(
      into,
      columns,
      row.children.map((cell) => toString(cell)),
      row.position?.start.line,
    )
  return rows.length
}
