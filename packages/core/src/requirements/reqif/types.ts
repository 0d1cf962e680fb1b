import { at, listOf, referencesOf, type Xml } from './document.ts'
import { textsOf } from './values.ts'

/** What a document declares of its objects. */
export interface ObjectTypes {
  /** Names of attributes (lower case) by the identifier of their definition. */
  readonly attributes: ReadonlyMap<string, string>
  /** Names of the values of enumerations by their identifier. */
  readonly enumerations: ReadonlyMap<string, string>
  /** By the identifier of a type of objects: its name, and what attributes hold that an object does not give. */
  readonly types: ReadonlyMap<string, { readonly name: string; readonly defaults: ReadonlyMap<string, string> }>
}

const nameOf = (element: Xml): string => String(element['@LONG-NAME'] ?? '').trim()

/** Reads DATATYPES and SPEC-TYPES of a document's content. */
export function objectTypes(content: Xml): ObjectTypes {
  const enumerations = new Map<string, string>()
  for (const type of listOf(at(content, 'DATATYPES')?.['DATATYPE-DEFINITION-ENUMERATION']))
    for (const value of listOf(at(type, 'SPECIFIED-VALUES')?.['ENUM-VALUE']))
      enumerations.set(String(value['@IDENTIFIER']), nameOf(value))

  const attributes = new Map<string, string>()
  const types = new Map<string, { name: string; defaults: ReadonlyMap<string, string> }>()
  for (const type of listOf(at(content, 'SPEC-TYPES')?.['SPEC-OBJECT-TYPE'])) {
    const definitions = Object.values(at(type, 'SPEC-ATTRIBUTES') ?? {}).flatMap(listOf)
    for (const definition of definitions)
      attributes.set(String(definition['@IDENTIFIER']), nameOf(definition).toLowerCase())
    const defaults = definitions.flatMap((definition) => [
      ...textsOf(at(definition, 'DEFAULT-VALUE'), { attributes, enumerations }),
    ])
    types.set(String(type['@IDENTIFIER']), { name: nameOf(type), defaults: new Map(defaults) })
  }
  return { attributes, enumerations, types }
}

/** The type of an object, where the document declares it. */
export function typeOf(
  object: Xml,
  { types }: ObjectTypes,
): { readonly name: string; readonly defaults: ReadonlyMap<string, string> } | undefined {
  return types.get(referencesOf(object['TYPE'])[0] ?? '')
}
