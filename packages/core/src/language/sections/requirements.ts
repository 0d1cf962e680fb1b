import type { Located } from '../../source/span.ts'
import { id, list, mapOf, record } from '../reader/collections.ts'
import { present, type Reader } from '../reader/reader.ts'
import { path, text } from '../reader/scalars.ts'
import type { Requirement } from '../spec.ts'

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
    const own = node.kind === 'map' ? { ...node, entries: node.entries.filter((e) => e !== entry) } : node
    const from = entry === undefined ? [] : (files.read(entry.value, context) ?? [])
    const read = declared.read(own, context)
    return read === undefined ? undefined : { declared: read, from }
  },
}
