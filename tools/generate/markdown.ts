/** The few shapes of Markdown that generated pages are made of. */

/** A cell of a table: `|` and line ends would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A table with a heading row. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text set as code. */
export const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)

/** A page that a tool wrote: title, what it was made from, and its parts. */
export function page(title: string, from: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, `<!-- Written by \`npm run generate\` from ${from}; do not edit. -->`, ...parts].join('\n\n')}\n`
}
