import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { id, mapOf, record } from '../reader/collections.ts'
import { described, present, type Reader } from '../reader/reader.ts'
import { text, word } from '../reader/scalars.ts'
import type { Located } from '../../source/span.ts'
import type { Waiver } from '../spec.ts'

/** A text that has to have a form, else a finding with what it expects and an example. */
function formed(expects: string, is: (text: string) => boolean, fix: string): Reader<Located<string>> {
  return described(expects, {
    ...word,
    read: (node, context) => {
      const found = word.read(node, context)
      if (found === undefined || is(found.value)) return found
      context.report(diagnose(catalog.badLiteral, found.span, { text: found.value, expects, fix }))
      return undefined
    },
  })
}

const person = formed(
  'the e-mail address of a person',
  (value) => /^[^\s@<>]+@[^\s@<>]+$/.test(value),
  'Write the address the person commits under, such as ann@example.org.',
)

const day = formed('a day such as 2027-03-31', isDay, 'Write a day of the calendar, such as 2027-03-31.')

function isDay(value: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  const date = new Date(`${value}T00:00:00Z`)
  return found !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

/** `waivers`: who allows which weakening, why, and until when. */
export const waiversSection: Reader<ReadonlyMap<string, Waiver>> = mapOf(
  id('a waiver'),
  record(
    'a waiver',
    { clause: word, person, reason: text, expires: day, signature: text },
    { required: ['clause', 'person', 'reason', 'expires'] },
  ),
  (name, { values }): Waiver | undefined => {
    const { clause, person: who, reason, expires, signature } = values
    if (clause === undefined || who === undefined || reason === undefined || expires === undefined) return undefined
    return {
      ...name,
      clause,
      person: who,
      reason: reason.value,
      expires: expires.value,
      ...present({ signature: signature?.value }),
    }
  },
)
