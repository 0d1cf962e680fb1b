import { canonicalJson } from '../../evidence/canonical-json.ts'
import type { Span } from '../../source/span.ts'
import { contentOf } from '../yaml/content.ts'
import { parseDecimal } from '../literals.ts'
import { coreType, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../yaml/tree.ts'

/** A value that took the place of another file's, and says something else. */
export interface Override {
  /** The keys that lead to it, such as `clauses.ranks-well`. */
  readonly path: string
  /** The key that counts. */
  readonly span: Span
  /** The key it replaced. */
  readonly replaced: Span
}

/** Where maps of two files are joined key by key: the keys that do, `*` = any. Below that a value replaces a value. */
interface Joined {
  readonly [key: string]: Joined
}

/**
 * What is a thing with an id of its own (a clause, a column, a slice, …) is replaced as a whole, so that nobody has to read
 * two files to know what it asks; sections, datasets and models are joined, so that a template can leave parts open.
 */
const JOINED: Joined = {
  system: { use: {} },
  requirements: {},
  data: { '*': { columns: {}, splits: {} } },
  slices: {},
  models: { '*': { input: {}, outputs: {} } },
  clauses: {},
  macros: {},
  hazards: {},
  waivers: {},
  guard: { input: {}, output: {}, budget: {} },
  monitor: { labels: {} },
  pipeline: { stages: {}, retrain: {} },
  release: { staging: { rollback: {} }, production: { rollback: {} } },
  params: {},
}

/** What is said once for the file alone, and is nobody's to override. */
const OWN: ReadonlySet<string> = new Set(['plumbline', 'extends'])

/** Two files as one: what `local` says counts, the rest is `base`'s. Every value keeps its place. */
export function mergeTrees(base: YamlMap, local: YamlMap, report: (override: Override) => void): YamlMap {
  return join(base, local, JOINED, [], report)
}

function join(
  base: YamlMap,
  local: YamlMap,
  joined: Joined,
  path: readonly string[],
  report: (override: Override) => void,
): YamlMap {
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]))
  for (const entry of local.entries) {
    const earlier = entries.get(entry.key)
    entries.set(
      entry.key,
      earlier === undefined ? entry : replace(earlier, entry, joined, [...path, entry.key], report),
    )
  }
  return { ...local, entries: [...entries.values()] }
}

function replace(
  earlier: YamlEntry,
  entry: YamlEntry,
  joined: Joined,
  path: readonly string[],
  report: (override: Override) => void,
): YamlEntry {
  const inner = Object.hasOwn(joined, entry.key) ? joined[entry.key] : joined['*']
  if (inner !== undefined && isMap(earlier.value) && isMap(entry.value))
    return { ...entry, value: join(earlier.value, entry.value, inner, path, report) }
  const says = (node: YamlNode): string => canonicalJson(contentOf(node))
  const quiet = entry.key.startsWith('x-') || (path.length === 1 && OWN.has(entry.key))
  if (!quiet && says(earlier.value) !== says(entry.value))
    report({ path: path.join('.'), span: entry.keyNode.span, replaced: earlier.keyNode.span })
  const isParam = path.length === 2 && path[0] === 'params'
  return isParam && entry.value.kind === 'scalar' ? givenTo(earlier, entry) : entry
}

/** A value for a parameter declared elsewhere: the parameter keeps its type and bounds. */
function givenTo(declared: YamlEntry, { keyNode, value }: YamlEntry): YamlEntry {
  if (declared.value.kind === 'list' || declared.value.kind === 'invalid') return declared
  const entries = isMap(declared.value)
    ? declared.value.entries.filter(({ key }) => key !== 'default')
    : [{ key: 'type', keyNode: declared.keyNode, value: typeOf(declared.value) }]
  const { span } = declared.value
  const map: YamlMap = { kind: 'map', span, flow: true, entries: [...entries, { key: 'default', keyNode, value }] }
  return { ...declared, value: map }
}

/** The type of a parameter that is declared by a plain value, as if it were written. */
function typeOf(value: YamlScalar): YamlScalar {
  const number = value.style === 'plain' && parseDecimal(value.text) !== undefined
  const text = number ? 'number' : coreType(value) === 'boolean' ? 'boolean' : 'text'
  return { kind: 'scalar', span: value.span, style: 'plain', text, raw: text, rawStart: value.rawStart }
}

function isMap(node: YamlNode): node is YamlMap {
  return node.kind === 'map'
}
