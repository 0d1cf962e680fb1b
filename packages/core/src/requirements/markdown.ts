import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { toString } from 'mdast-util-to-string'
import { gfmTable } from 'micromark-extension-gfm-table'
import { requirementColumns } from './columns.ts'
import type { RequirementCollector } from './requirement-file.ts'
import { addRow } from './table-row.ts'

type RootContent = ReturnType<typeof fromMarkdown>['children'][number]
type Table = Extract<RootContent, { readonly type: 'table' }>

/** An id at the beginning of a heading: letters first, then a number somewhere, such as `R-1`, `SRS_4.2`, `REQ-12a`. */
const HEADING = /^\[?(\p{L}[\p{L}\p{N}]*(?:[-_.][\p{L}\p{N}]+)*)\]?(?:\s*[:.–—-]\s+|\s+|$)/u

/**
 * Reads headings that begin with an id (what is under one, down to the next heading, is its text) and tables with a
 * column of ids.
 */
export function readMarkdown(text: string, into: RequirementCollector): void {
  const document = fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
  const children = flattened(document.children)
  let found = 0
  children.forEach((node, i) => {
    if (node.type === 'table') found += readTable(node, into)
    if (node.type !== 'heading') return
    const title = toString(node).trim()
    const id = HEADING.exec(title)
    if (id?.[1] === undefined || !/\p{N}/u.test(id[1])) return
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
  if (found === 0) into.problem('it has no heading that begins with an id, and no table with a column `id`')
}

/** What quotes and lists hold, in its order: a heading in one is a heading. */
function flattened(nodes: readonly RootContent[]): readonly RootContent[] {
  const flat: RootContent[] = []
  // A stack of our own: quotes can be nested as deeply as a file is long.
  const open: RootContent[] = nodes.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type !== 'blockquote' && node.type !== 'list' && node.type !== 'listItem') flat.push(node)
    else open.push(...node.children.toReversed())
  }
  return flat
}

/** The words between a heading and the next one; tables of requirements speak for themselves. */
function sectionAfter(children: readonly RootContent[], heading: number): string {
  const rest = children.slice(heading + 1)
  const end = rest.findIndex((node) => node.type === 'heading')
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .filter((node) => node.type !== 'table')
    .map((node) => toString(node).trim())
    .filter((words) => words !== '')
    .join('\n')
}

/** Reads a table, if it is one of requirements; how many rows it has. */
function readTable({ children }: Table, into: RequirementCollector): number {
  const [header, ...rows] = children
  const columns = header === undefined ? undefined : requirementColumns(header.children.map((cell) => toString(cell)))
  if (columns === undefined) return 0
  for (const row of rows)
    addRow(
      into,
      columns,
      row.children.map((cell) => toString(cell)),
      row.position?.start.line,
    )
  return rows.length
}
