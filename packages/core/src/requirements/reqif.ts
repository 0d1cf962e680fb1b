import { XMLParser } from 'fast-xml-parser'
import type { RequirementCollector } from './requirement-file.ts'

type Xml = { readonly [name: string]: unknown }

/** Names of attributes, as ReqIF's implementation guide and common tools have them, the better ones first. */
const ID_NAMES = ['reqif.foreignid', 'id', 'identifier', 'requirement id', 'object identifier']
const TITLE_NAMES = ['reqif.name', 'name', 'title', 'summary']
const TEXT_NAMES = ['reqif.text', 'text', 'object text', 'description', 'requirement']

/**
 * Reads the objects of a ReqIF 1.0 to 1.2 document (OMG formal/16-07-01) that have a text; chapters have none. The id is
 * the attribute `ReqIF.ForeignID` (or one called `ID`), else the object's own identifier.
 */
export function readReqif(text: string, into: RequirementCollector): void {
  const document = parse(text, into)
  if (document === undefined) return
  const content = at(document, 'REQ-IF', 'CORE-CONTENT', 'REQ-IF-CONTENT') ?? at(document, 'REQ-IF', 'CORE-CONTENT')
  if (content === undefined) {
    into.problem('it is not a ReqIF document: there is no REQ-IF with CORE-CONTENT in it')
    return
  }
  const names = attributeNames(content)
  const objects = listOf(at(content, 'SPEC-OBJECTS')?.['SPEC-OBJECT'])
  if (objects.length === 0) into.problem('it has no requirements (SPEC-OBJECT)')
  for (const object of objects) {
    const values = valuesOf(object, names)
    const pick = (known: readonly string[]): string | undefined =>
      known.map((name) => values.get(name)).find((found) => found !== undefined && found !== '')
    const title = pick(TITLE_NAMES)
    const body = pick(TEXT_NAMES)
    if (title === undefined && body === undefined) continue
    const id = (pick(ID_NAMES) ?? String(object['@IDENTIFIER'] ?? '')).trim().replace(/\s+/g, '-')
    into.add({ id, says: title ?? body ?? '', ...(title === undefined || body === undefined ? {} : { text: body }) })
  }
}

function parse(text: string, into: RequirementCollector): Xml | undefined {
  // Only the entities of XML itself are replaced: those that a document declares can grow without end.
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    stopNodes: ['*.THE-VALUE'],
  })
  try {
    const parsed: unknown = parser.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Xml) : {}
  } catch (error) {
    // Entities that name other files are among what is refused.
    into.problem(`it cannot be read as XML: ${error instanceof Error ? error.message.replace(/\.$/, '') : 'broken'}`)
    return undefined
  }
}

function at(node: unknown, ...path: readonly string[]): Xml | undefined {
  let current: unknown = node
  for (const name of path)
    current = typeof current === 'object' && current !== null ? (current as Xml)[name] : undefined
  return typeof current === 'object' && current !== null && !Array.isArray(current) ? (current as Xml) : undefined
}

function listOf(node: unknown): readonly Xml[] {
  const items: readonly unknown[] = Array.isArray(node) ? node : [node]
  return items.filter((item): item is Xml => typeof item === 'object' && item !== null)
}

/** Names of attributes (lower case) by the identifier of their definition. */
function attributeNames(content: Xml): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const type of listOf(at(content, 'SPEC-TYPES')?.['SPEC-OBJECT-TYPE']))
    for (const definitions of Object.values(at(type, 'SPEC-ATTRIBUTES') ?? {}))
      for (const definition of listOf(definitions))
        names.set(
          String(definition['@IDENTIFIER']),
          String(definition['@LONG-NAME'] ?? '')
            .trim()
            .toLowerCase(),
        )
  return names
}

/** The texts of an object by the name of their attribute. */
function valuesOf(object: Xml, names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [kind, attributes] of Object.entries(at(object, 'VALUES') ?? {}))
    for (const attribute of listOf(attributes)) {
      const reference = Object.values(at(attribute, 'DEFINITION') ?? {}).find((each) => typeof each === 'string')
      const name = names.get(String(reference ?? '').trim())
      const raw = kind === 'ATTRIBUTE-VALUE-XHTML' ? attribute['THE-VALUE'] : attribute['@THE-VALUE']
      if (name !== undefined && typeof raw === 'string') values.set(name, words(raw))
    }
  return values
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** The words of a piece of XHTML or of an attribute: no tags, white space as one space. */
function words(raw: string): string {
  return withoutComments(raw)
    .replace(/<!\[CDATA\[(.*?)\]\]>/gs, '$1')
    .replace(/<[^<>]*>/g, ' ')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi,
      (whole, decimal?: string, hex?: string, name = '') => {
        const code =
          decimal === undefined ? (hex === undefined ? undefined : Number.parseInt(hex, 16)) : Number(decimal)
        if (code !== undefined) return isCharacter(code) ? String.fromCodePoint(code) : '\ufffd'
        return ENTITIES[String(name).toLowerCase()] ?? whole
      },
    )
    .replace(/\s+/g, ' ')
    .trim()
}

/** What XML 1.0 calls a character (production 2): no half of a pair, and no control but white space. */
const isCharacter = (code: number): boolean =>
  code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff))

/** Comments are no words; one that does not end takes the rest with it. */
function withoutComments(raw: string): string {
  const parts: string[] = []
  let at = 0
  for (let start = raw.indexOf('<!--'); start >= 0; start = raw.indexOf('<!--', at)) {
    parts.push(raw.slice(at, start))
    const end = raw.indexOf('-->', start + 4)
    at = end < 0 ? raw.length : end + 3
  }
  return [...parts, raw.slice(at)].join(' ')
}
