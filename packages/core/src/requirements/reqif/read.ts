import { shorten } from '../../diagnostics/shorten.ts'
import type { RequirementCollector } from '../requirement-file.ts'
import { at, listOf, readXml, type Xml } from './document.ts'
import { outlineOf } from './outline.ts'
import { objectTypes, typeOf } from './types.ts'
import { textsOf } from './values.ts'

/** Names of attributes, as ReqIF's implementation guide and common tools have them, the better ones first. */
const NAMES = {
  id: ['object identifier', 'reqif.foreignid', 'id', 'identifier', 'requirement id', 'work item id'],
  title: ['reqif.name', 'name', 'title', 'summary'],
  text: ['reqif.text', 'text', 'object text', 'primary text', 'description', 'requirement'],
  source: ['source', 'origin', 'reference'],
  owner: ['owner', 'responsible', 'assignee'],
  chapter: ['reqif.chaptername', 'object heading'],
  kind: ['reqif.category', 'object type', 'artifact type', 'type', 'kind'],
} as const

/** Kinds of objects that ask for nothing, by the name of their type or by an attribute that says so. */
const NO_REQUIREMENT =
  /^(?:(?:headings?|chapters?|sections?|folders?|titles?|information|info|notes?|comments?|remarks?)(?: type)?)$/i

/**
 * Reads the objects of a ReqIF 1.0 to 1.2 document (OMG formal/16-07-01) that have a text, in the order of its
 * specifications. Chapters, information and cells of tables are left out. The id is `Object Identifier` (DOORS),
 * `ReqIF.ForeignID` or an attribute called `ID`, else the object's own identifier.
 */
export function readReqif(text: string, into: RequirementCollector): void {
  const document = readXml(text)
  if ('cause' in document) {
    into.problem(`it cannot be read as XML: ${document.cause}`)
    return
  }
  const root = at(document.root, 'REQ-IF')
  const content = at(root, 'CORE-CONTENT', 'REQ-IF-CONTENT') ?? at(root, 'CORE-CONTENT')
  if (content === undefined) {
    into.problem('it is not a ReqIF document: there is no REQ-IF with CORE-CONTENT in it')
    return
  }
  if (!/<\/(?:[\w.-]+:)?REQ-IF\s*>/.test(text.slice(-10_000)))
    into.problem('it ends before `</REQ-IF>`: the rest of it is missing')
  readObjects(content, document.lineOf, into)
}

function readObjects(content: Xml, lineOf: (element: Xml) => number | undefined, into: RequirementCollector): void {
  const objects = listOf(at(content, 'SPEC-OBJECTS')?.['SPEC-OBJECT'])
  if (objects.length === 0) into.problem('it has no requirements (SPEC-OBJECT)')
  const types = objectTypes(content)
  const { order, cells } = outlineOf(content)
  const placeOf = (object: Xml): number => order.get(identifierOf(object)) ?? order.size
  let others = 0
  for (const object of objects.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const type = typeOf(object, types)
    const values = new Map([...(type?.defaults ?? []), ...textsOf(at(object, 'VALUES'), types)])
    const pick = (known: readonly string[]): string | undefined =>
      known.map((name) => values.get(name)).find((found) => found !== undefined)
    const [title, body, line] = [pick(NAMES.title), pick(NAMES.text), lineOf(object)]
    const kinds = [type?.name ?? '', ...NAMES.kind.map((name) => values.get(name) ?? '')]
    const id = pick(NAMES.id)
    const nothing = title === undefined && body === undefined
    if (
      cells.has(identifierOf(object)) ||
      kinds.some((kind) => NO_REQUIREMENT.test(kind)) ||
      (nothing && (id === undefined || pick(NAMES.chapter) !== undefined))
    ) {
      others++
      continue
    }
    const [source, owner] = [pick(NAMES.source), pick(NAMES.owner)]
    into.add({
      id: (id ?? identifierOf(object)).trim().replace(/\s+/g, '-'),
      says: title ?? body ?? '',
      ...(title === undefined || body === undefined ? {} : { text: body }),
      ...(source === undefined ? {} : { source }),
      ...(owner === undefined ? {} : { owner }),
      ...(line === undefined ? {} : { line }),
    })
  }
  if (objects.length > 0 && others === objects.length)
    into.problem(
      `none of its ${objects.length} objects is a requirement: they are headings or information, or have no text in ${shorten(
        NAMES.text
          .slice(0, 3)
          .map((name) => `\`${name}\``)
          .join(', '),
      )}`,
    )
}

const identifierOf = (object: Xml): string => String(object['@IDENTIFIER'] ?? '').trim()
