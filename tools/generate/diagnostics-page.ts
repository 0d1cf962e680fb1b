import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagnosticCatalog } from '../../packages/core/src/diagnostics/catalog/index.ts'
import { pageName } from './diagnostic-pages.ts'
import { code, page } from './markdown.ts'

/** One finding as the corpus states it, by hand. */
interface Example {
  readonly message: string
  readonly why?: string
  readonly fix?: string
}

/** The first line of a finding, in each of the three ways the corpus writes one; the last holds its message, too. */
const HEADS = [
  /^\S+ (?:error|warning|info) ([a-z]+\/[a-z0-9-]+)$/,
  /^([a-z]+\/[a-z0-9-]+) at \S+$/,
  /^(?:error|warning|info)\[([a-z]+\/[a-z0-9-]+)\] (.+)$/,
]

/** The first finding of each code in the conformance corpus: words that people wrote, held to the tool by tests. */
function corpusExamples(root: string): ReadonlyMap<string, Example> {
  const found = new Map<string, Example>()
  const files = readdirSync(join(root, 'conformance'), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('diagnostics.txt'))
    .toSorted()
  for (const file of files) {
    let code: string | undefined
    for (const line of readFileSync(join(root, 'conformance', file), 'utf8').split('\n')) {
      const head = HEADS.map((pattern) => pattern.exec(line)).find((match) => match !== null)
      if (head !== undefined) {
        code = found.has(head[1] ?? '') ? undefined : head[1]
        if (code !== undefined) found.set(code, { message: head[2] ?? '' })
        continue
      }
      const example = code === undefined ? undefined : found.get(code)
      if (code !== undefined && example !== undefined) found.set(code, { ...example, ...partOf(line.trim(), example) })
    }
  }
  return found
}

function partOf(text: string, { message }: Example): Partial<Example> {
  if (text.startsWith('fix: ')) return { fix: text.slice('fix: '.length) }
  if (text.startsWith('why: ')) return { why: text.slice('why: '.length) }
  return message === '' && !text.startsWith('also ') ? { message: text } : {}
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
      const why = typeof kind.why === 'string' ? kind.why : example?.why
      return [
        `### [${code(kind.code)}](../diagnostics/${pageName(kind.code)}) (${kind.severity})`,
        ...(example === undefined || example.message === '' ? [] : [`- for example: ${example.message}`]),
        ...(why === undefined ? [] : [`- why: ${why}`]),
        ...(fix === undefined ? [] : [`- what to do: ${fix}`]),
      ].join('\n')
    }),
  ])
  return page(
    'Diagnostics',
    'packages/core/src/diagnostics/catalog/ and the corpus in conformance/',
    '`error` stops the compilation, `warning` and `info` never do. Examples are from the conformance corpus.',
    ...parts,
  )
}
