import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagnosticCatalog } from '../../packages/core/src/diagnostics/catalog/index.ts'
import { code, page } from './markdown.ts'

/** One finding as the corpus states it, by hand. */
interface Example {
  readonly message: string
  readonly fix?: string
}

/** The first finding of each code in the conformance corpus: words that people wrote, held to the tool by tests. */
function corpusExamples(root: string): ReadonlyMap<string, Example> {
  const found = new Map<string, Example>()
  const files = readdirSync(join(root, 'conformance'), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('diagnostics.txt'))
    .toSorted()
  for (const file of files) {
    let current: string | undefined
    for (const line of readFileSync(join(root, 'conformance', file), 'utf8').split('\n')) {
      const head = /^\S+ (?:error|warning|info) (\S+\/\S+)$/.exec(line)
      const text = line.trim()
      if (head !== null) current = found.has(head[1] ?? '') ? undefined : head[1]
      else if (current === undefined || text === '' || text.startsWith('also ') || text.startsWith('why: ')) continue
      else if (!text.startsWith('fix: ')) found.set(current, { ...found.get(current), message: text })
      else found.set(current, { message: '', ...found.get(current), fix: text.slice('fix: '.length) })
    }
  }
  return found
}

/** `docs/reference/diagnostics.md`: the catalog, with the words of the corpus where it has a case. */
export function diagnosticsPage(root: string): string {
  const examples = corpusExamples(root)
  const catalog = [...diagnosticCatalog().values()].toSorted((a, b) => (a.code < b.code ? -1 : 1))
  const areas = Map.groupBy(catalog, (kind) => kind.code.split('/')[0] ?? '')
  const parts = [...areas].flatMap(([area, kinds]) => [
    `## ${area}/`,
    ...kinds.map((kind) => {
      const example = examples.get(kind.code)
      const fix = typeof kind.fix === 'string' ? kind.fix : example?.fix
      return [
        `### ${code(kind.code)} (${kind.severity})`,
        ...(example === undefined || example.message === '' ? [] : [`- for example: ${example.message}`]),
        ...(typeof kind.why === 'string' ? [`- why: ${kind.why}`] : []),
        ...(fix === undefined ? [] : [`- what to do: ${fix}`]),
      ].join('\n')
    }),
  ])
  return page(
    'Diagnostics',
    'packages/core/src/diagnostics/catalog/ and the corpus in conformance/',
    '`error` stops the compilation, `warning` and `info` never do. `plumb explain CODE` prints the same words.',
    ...parts,
  )
}
