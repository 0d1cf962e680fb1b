import { XMLParser } from 'fast-xml-parser'
import { shorten } from '../../diagnostics/shorten.ts'

/** An element: its children by name without prefix, its attributes by name with `@`. */
export type Xml = { readonly [name: string]: unknown }

/** A document that was read, and the line on which an element of it begins. */
export interface XmlDocument {
  readonly root: Xml
  readonly lineOf: (element: Xml) => number | undefined
}

/** Reads XML, prefixes of namespaces apart; the values of XHTML attributes stay text. A cause where it cannot be read. */
export function readXml(text: string): XmlDocument | { readonly cause: string } {
  // Only the entities of XML itself are replaced: those that a document declares can grow without end.
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    captureMetaData: true,
    stopNodes: ['*.THE-VALUE'],
  })
  try {
    const parsed: unknown = parser.parse(text)
    return { root: isElement(parsed) ? parsed : {}, lineOf: linesOf(text) }
  } catch (error) {
    // Entities that name other files are among what is refused.
    return { cause: error instanceof Error ? shorten(error.message.replace(/\.$/, ''), 160) : 'broken' }
  }
}

/** The element at a path of names, if there is exactly one. */
export function at(node: unknown, ...path: readonly string[]): Xml | undefined {
  let current: unknown = node
  for (const name of path) current = isElement(current) ? current[name] : undefined
  return isElement(current) ? current : undefined
}

/** The elements of one name: none, one or several. */
export function listOf(node: unknown): readonly Xml[] {
  return (Array.isArray(node) ? node : [node]).filter(isElement)
}

/** What an element of references (`<DEFINITION><…-REF>id</…-REF></DEFINITION>`) names. */
export function referencesOf(node: unknown): readonly string[] {
  return Object.values(at(node) ?? {})
    .flat()
    .filter((each): each is string => typeof each === 'string')
    .map((each) => each.trim())
}

const isElement = (node: unknown): node is Xml => typeof node === 'object' && node !== null && !Array.isArray(node)

/** Lines are asked for in any order; line breaks are counted once. */
function linesOf(text: string): XmlDocument['lineOf'] {
  const places = XMLParser.getMetaDataSymbol() as unknown as string
  const starts = [0]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return (element) => {
    const place = (element[places] as { readonly startIndex?: number } | undefined)?.startIndex
    if (place === undefined) return undefined
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= place) low = middle
      else high = middle
    }
    return low + 1
  }
}
