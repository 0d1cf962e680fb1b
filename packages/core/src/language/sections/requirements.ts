import * as catalog from '../../diagnostics/catalog/requirements.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { shorten } from '../../diagnostics/shorten.ts'
import { REQUIREMENT_ENDINGS } from '../../requirements/endings.ts'
import type { Located } from '../../source/span.ts'
import { id, list, mapOf, record } from '../reader/collections.ts'
import { present, type Reader, startOf } from '../reader/reader.ts'
import { path, text } from '../reader/scalars.ts'
import type { Requirement } from '../spec.ts'
import { coreType, describeNode, type YamlNode } from '../yaml/tree.ts'

/** The requirements that the spec itself states, and the files in which others stand. */
export interface RequirementsSection {
  readonly declared: ReadonlyMap<string, Requirement>
  readonly from: readonly Located<string>[]
}

const declared: Reader<ReadonlyMap<string, Requirement>> = mapOf(
  id('a requirement'),
  record('a requirement', { says: text, source: text, owner: text }, { required: ['says'] }),
  (name, { values }) =>
    values.says && {
      ...name,
      says: values.says.value,
      ...present({ source: values.source?.value, owner: values.owner?.value }),
    },
)

const files = list(path)

/** `requirements`: business requirements in words, or under `from` the files they stand in; clauses say which they meet. */
export const requirementsSection: Reader<RequirementsSection> = {
  expects: `${declared.expects}, and \`from\` with files of them`,
  schema: { ...declared.schema, properties: { from: { anyOf: [files.schema, { type: 'object' }] } } },
  read: (node, context) => {
    // A requirement may be called `from`; then it is a map like every other.
    const entry = node.kind === 'map' ? node.entries.find((e) => e.key === 'from' && e.value.kind !== 'map') : undefined
    const written = otherForms(node)
    for (const { at, found, write } of written)
      context.report(diagnose(catalog.requirementForm, startOf(at), { found, write }))
    if (written.length > 0) {
      // What the files would name is not known.
      context.lose()
      return undefined
    }
    const own = node.kind === 'map' ? { ...node, entries: node.entries.filter((e) => e !== entry) } : node
    const from = entry === undefined ? [] : (files.read(entry.value, context) ?? [])
    const read = declared.read(own, context)
    return read === undefined ? undefined : { declared: read, from }
  },
}

const isFile = (name: string): boolean =>
  /^[^\n]*\.[a-z]+$/i.test(name) && REQUIREMENT_ENDINGS.includes(name.slice(name.lastIndexOf('.') + 1).toLowerCase())

interface OtherForm {
  readonly at: YamlNode
  /** What it is, in words that fit "here is …". */
  readonly found: string
  /** How it is written. */
  readonly write: string
}

/** Requirements, and files of them, in ways that people try and that are not read. */
function otherForms(node: YamlNode): readonly OtherForm[] {
  if (node.kind === 'list' || (node.kind === 'scalar' && coreType(node) !== 'null')) {
    const files = textsOf(node).filter(isFile)
    const write = files.length > 0 ? fromFiles(files) : 'requirements: { R-1: { says: … } }'
    return [{ at: node, found: describeNode(node), write }]
  }
  if (node.kind !== 'map') return []
  return node.entries.flatMap(({ key, keyNode, value }): readonly OtherForm[] => {
    if (key === 'from') return []
    if (isFile(key)) return [{ at: keyNode, found: `the file '${shorten(key)}'`, write: fromFiles([key]) }]
    const texts = textsOf(value)
    const [text] = texts
    if (text === undefined) return []
    const write = isFile(text) ? fromFiles(texts) : `${shorten(key)}: { says: ${shorten(text)} }`
    return [{ at: value, found: describeNode(value), write }]
  })
}

/** The texts of a list, or of one value that is no map; of a map within a list those of its values. */
function textsOf(node: YamlNode): readonly string[] {
  const items = node.kind === 'list' ? node.items : [node]
  const values = items.flatMap((item) =>
    item.kind === 'map' && item !== node ? item.entries.map(({ value }) => value) : [item],
  )
  return values.flatMap((value) => (value.kind === 'scalar' && coreType(value) !== 'null' ? [value.text] : []))
}

const fromFiles = (files: readonly string[]): string =>
  `requirements: { from: [${files.map((file) => shorten(file)).join(', ')}] }`
