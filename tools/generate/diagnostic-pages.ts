/** A page for each kind of finding, and the examples that `plumb explain` shows: both from the catalog and the corpus. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diagnosticCatalog } from '../../packages/core/src/diagnostics/catalog/index.ts'
import { code, page, table } from './markdown.ts'

/** The file of a code's page, in `docs/diagnostics/`. */
export const pageName = (kind: string): string => `${kind.replaceAll('/', '-')}.md`

/** A finding as the command prints it, and the case of the corpus it is from. */
interface Shown {
  readonly text: string
  readonly folder: string
}

/** The first finding of each code in the corpora whose cases show them as the command does. */
function shownFindings(root: string): ReadonlyMap<string, Shown> {
  const found = new Map<string, Shown>()
  const files = readdirSync(join(root, 'conformance'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('diagnostics.txt'))
    .toSorted()
  for (const file of files) {
    for (const text of readFileSync(join(root, 'conformance', file), 'utf8')
      .trimEnd()
      .split(/\n\n(?=\w+\[)/)) {
      const kind = /^(?:error|warning|info)\[([a-z]+\/[a-z0-9-]+)\]/.exec(text)?.[1]
      if (kind === undefined) continue
      const folder = `conformance/${dirname(file).replaceAll('\\', '/')}`
      // The case that is named after the finding shows it best.
      const named = folder.endsWith(`/${kind.split('/')[1]}`)
      if (!found.has(kind) || (named && found.get(kind)?.folder.endsWith(`/${kind.split('/')[1]}`) !== true))
        found.set(kind, { text, folder })
    }
  }
  return found
}

/** `docs/diagnostics/*.md`: what each finding means, why it is one, what to do, and what it looks like. */
export function diagnosticPages(root: string): readonly (readonly [string, string])[] {
  const shown = shownFindings(root)
  const from = 'packages/core/src/diagnostics/catalog/ and the corpus in conformance/'
  const kinds = [...diagnosticCatalog().values()].toSorted((a, b) => (a.code < b.code ? -1 : 1))
  const pages = kinds.map((kind) => {
    const example = shown.get(kind.code)
    const why = typeof kind.why === 'string' ? kind.why : partOf(example?.text, 'why')
    const fix = typeof kind.fix === 'string' ? kind.fix : partOf(example?.text, 'fix')
    const effect =
      kind.severity === 'error'
        ? 'An error: the spec asks nothing until it is corrected.'
        : `${kind.severity === 'warning' ? 'A warning' : 'Information'}: it stops nothing, and can be suppressed with a reason (\`suppress: [{ code: ${kind.code}, reason: … }]\`).`
    return [
      `docs/diagnostics/${pageName(kind.code)}`,
      page(
        kind.code,
        from,
        effect,
        ...(why === undefined ? [] : [`**Why.** ${why}`]),
        ...(fix === undefined ? [] : [`**What to do.** ${fix}`]),
        ...(example === undefined
          ? []
          : [`**For example** ([the whole spec](../../${example.folder}/)):`, `\`\`\`text\n${example.text}\n\`\`\``]),
      ),
    ] as const
  })
  const list = table(
    ['code', 'severity'],
    kinds.map((kind) => [`[${code(kind.code)}](${pageName(kind.code)})`, kind.severity]),
  )
  return [
    ...pages,
    [
      'docs/diagnostics/README.md',
      page('Diagnostics, one by one', from, 'What `plumb explain CODE` says, as pages.', list),
    ],
  ]
}

const partOf = (text: string | undefined, part: 'why' | 'fix'): string | undefined =>
  text === undefined ? undefined : new RegExp(`^ {2}${part}: (.*)$`, 'm').exec(text)?.[1]

/** The module that holds the examples for `plumb explain`: the repository is not there where the command is installed. */
export function diagnosticExamples(root: string): string {
  const examples = Object.fromEntries(
    [...shownFindings(root)].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, { text }]) => [kind, text]),
  )
  return `// biome-ignore-all format: generated\n// Written by \`npm run generate\` from conformance/; do not edit.\n/** A finding of each kind as the command prints it, by code; from the corpus. */\nexport const EXAMPLES: Readonly<Record<string, string>> = ${JSON.stringify(examples, null, 2)}\n`
}
