import { at, listOf, referencesOf, type Xml } from './document.ts'

/** How the specifications of a document order its objects. */
export interface Outline {
  /** Place of an object, by its identifier, in the order in which people read. */
  readonly order: ReadonlyMap<string, number>
  /** Objects that are rows and cells of a table, which is one object for its readers. */
  readonly cells: ReadonlySet<string>
}

/** Reads SPECIFICATIONS: trees of references to objects. */
export function outlineOf(content: Xml): Outline {
  const order = new Map<string, number>()
  const cells = new Set<string>()
  // A stack of our own: a hierarchy can be as deep as the file is long.
  const open = listOf(at(content, 'SPECIFICATIONS')?.['SPECIFICATION']).toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const id of referencesOf(node['OBJECT'])) {
      if (!order.has(id)) order.set(id, order.size)
      if (String(node['@IS-TABLE-INTERNAL']) === 'true') cells.add(id)
    }
    open.push(...listOf(at(node, 'CHILDREN')?.['SPEC-HIERARCHY']).toReversed())
  }
  return { order, cells }
}
