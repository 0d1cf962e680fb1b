import { at, listOf, referencesOf, type Xml } from './document.ts'
import type { ObjectTypes } from './types.ts'
import { words } from './words.ts'

/** The texts of ATTRIBUTE-VALUE elements by the name of their attribute; several values of an enumeration with commas. */
export function textsOf(
  holder: Xml | undefined,
  { attributes, enumerations }: Pick<ObjectTypes, 'attributes' | 'enumerations'>,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const [kind, values] of Object.entries(holder ?? {}))
    for (const value of listOf(values)) {
      const name = attributes.get(referencesOf(value['DEFINITION'])[0] ?? '')
      if (name === undefined) continue
      const text = kind === 'ATTRIBUTE-VALUE-ENUMERATION' ? chosen(value, enumerations) : plain(kind, value)
      if (text !== '') texts.set(name, text)
    }
  return texts
}

function plain(kind: string, value: Xml): string {
  const raw = kind === 'ATTRIBUTE-VALUE-XHTML' ? value['THE-VALUE'] : value['@THE-VALUE']
  return typeof raw === 'string' ? words(raw) : ''
}

const chosen = (value: Xml, enumerations: ReadonlyMap<string, string>): string =>
  referencesOf(at(value, 'VALUES'))
    .map((reference) => words(enumerations.get(reference) ?? reference))
    .join(', ')
