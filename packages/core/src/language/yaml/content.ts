import type { JsonValue } from '../../evidence/canonical-json.ts'
import { coreType, type YamlNode } from './tree.ts'

/**
 * A tree as plain JSON without places: what it says, whatever its layout and comments. A scalar that is text by its YAML type is
 * a text; one that is not (`1`, `true`) is a list of its text, so that `1` and `'1'` differ.
 */
export function contentOf(node: YamlNode): JsonValue {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, contentOf(value)]))
    case 'list':
      return { list: node.items.map(contentOf) }
    case 'invalid':
      return null
    case 'scalar':
      return coreType(node) === 'text' ? node.text : [node.text]
  }
}
