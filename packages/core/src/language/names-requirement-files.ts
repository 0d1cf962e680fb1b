import type { SourceFile } from '../source/source-file.ts'
import { leavesProject } from './reader/scalars.ts'
import { loadYaml } from './yaml/load.ts'

/** The block of the top-level key, down to the next line that is not indented. */
const BLOCK = /^["']?requirements["']?[ \t]*:.*(?:\r?\n(?:[ \t#].*)?)*/m

/**
 * The files that a spec names under `requirements: { from: … }`, as written: what has to be read before it can be parsed.
 * Most specs name none, which a look at the text tells; a spec that cannot be parsed names none either.
 */
export function namedRequirementFiles(main: SourceFile): readonly string[] {
  const block = main.text.trimStart().startsWith('{') ? main.text : BLOCK.exec(main.text)?.[0]
  if (block === undefined || !/\bfrom["']?[ \t]*:/.test(block)) return []
  const tree = loadYaml(main, { report: () => undefined, saturated: () => false, sorted: () => [] })
  if (tree?.kind !== 'map') return []
  const section = tree.entries.find(({ key }) => key === 'requirements')?.value
  const from = section?.kind === 'map' ? section.entries.find(({ key }) => key === 'from')?.value : undefined
  const items = from === undefined ? [] : from.kind === 'list' ? from.items : [from]
  return items.flatMap((item) =>
    item.kind === 'scalar' && item.text.trim() !== '' && leavesProject(item.text) === undefined ? [item.text] : [],
  )
}
