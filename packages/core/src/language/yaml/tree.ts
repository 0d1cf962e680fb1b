import type { Span } from '../../source/span.ts'

/** A YAML value with its place. Aliases are written out; `invalid` marks a value whose fault is already reported. */
export type YamlNode = YamlMap | YamlList | YamlScalar | YamlInvalid

/** A mapping. */
export interface YamlMap {
  readonly kind: 'map'
  readonly span: Span
  /** Written as `{…}`. */
  readonly flow: boolean
  /** In the order of the file; keys are distinct. */
  readonly entries: readonly YamlEntry[]
}

/** A key and its value. */
export interface YamlEntry {
  /** The source text of the key, whatever YAML type it would have. */
  readonly key: string
  readonly keyNode: YamlScalar
  readonly value: YamlNode
}

/** A sequence. */
export interface YamlList {
  readonly kind: 'list'
  readonly span: Span
  readonly items: readonly YamlNode[]
}

/** How a scalar is written; it decides how its text maps to the file. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

/** A scalar, with what is needed to map each character of its text to the file. */
export interface YamlScalar {
  readonly kind: 'scalar'
  readonly span: Span
  readonly style: ScalarStyle
  /** The text meant: folded, unescaped, without indentation. Empty and plain = no value. */
  readonly text: string
  /** As written, from `rawStart` (for block scalars: the lines after the header). */
  readonly raw: string
  readonly rawStart: number
  /** For block scalars: the columns that the header and the parent take away from each line, when fixed by the header. */
  readonly fixedIndent?: number
}

/** What stands in the place of a value that could not be read. */
export interface YamlInvalid {
  readonly kind: 'invalid'
  readonly span: Span
}

/** What a plain scalar would be in the YAML 1.2 core schema; quoted and block scalars are always text. */
export type CoreType = 'null' | 'boolean' | 'integer' | 'number' | 'text'

/** The YAML 1.2 core type of a scalar (section 10.3.2). */
export function coreType(scalar: YamlScalar): CoreType {
  if (scalar.style !== 'plain') return 'text'
  const { text } = scalar
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return 'null'
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return 'boolean'
  if (/^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(text)) return 'integer'
  if (
    /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(
      text,
    )
  )
    return 'number'
  return 'text'
}

/** How a value is named in messages: "a list", "the number 12", … */
export function describeNode(node: YamlNode): string {
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'invalid') return 'an invalid value'
  const shown = node.text.length > 40 ? `${node.text.slice(0, 39)}…` : node.text
  switch (coreType(node)) {
    case 'null':
      return 'nothing'
    case 'boolean':
      return `the boolean ${shown}`
    case 'integer':
    case 'number':
      return `the number ${shown}`
    default:
      return `the text '${shown}'`
  }
}

/** A map without one of its keys; anything else as it is. */
export function without(tree: YamlNode, name: string): YamlNode {
  return tree.kind === 'map' ? { ...tree, entries: tree.entries.filter(({ key }) => key !== name) } : tree
}
