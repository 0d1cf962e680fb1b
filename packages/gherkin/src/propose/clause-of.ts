import type { ClauseBody, ClauseSource, Expression, Span } from '@plumbline/core'
import { joinedId, slug } from '../scenario/ids.ts'
import { derived } from '../text/placed-text.ts'
import type { Asked, SentenceReading } from './grammar/reading.ts'

/** A reading as a clause of a spec. Everything stands where the sentence does. */
export function clauseOfReading(
  { asked, topic, qualifiers, severity }: SentenceReading,
  says: string,
  span: Span,
): ClauseSource {
  const located = <T>(value: T): { readonly value: T; readonly span: Span } => ({ value, span })
  const text = (cel: string): Expression => derived(cel, span)
  const slices = [...qualifiers.slices, ...(qualifiers.newSlice === undefined ? [] : [qualifiers.newSlice.name])]
  const missing = qualifiers.missing ?? (asked.form === 'every' && asked.present ? 'exclude' : undefined)
  const { mostly, confidence } = qualifiers
  return {
    name: joinedId(...topic.map(slug)) || 'proposal',
    nameSpan: span,
    span,
    says: located(says),
    of: [located(relationOf(asked))],
    body: bodyOf(asked, qualifiers, text, located),
    slices: slices.map((name) =>
      located(
        name.startsWith('by ') ? { kind: 'by' as const, column: name.slice(3) } : { kind: 'named' as const, name },
      ),
    ),
    allowEmpty: false,
    meets: [],
    hazards: [],
    ...(severity === undefined ? {} : { severity: located(severity) }),
    ...(mostly === undefined ? {} : { mostly: located(mostly) }),
    ...(missing === undefined || asked.form !== 'every' ? {} : { missing: located(missing) }),
    ...(confidence === undefined ? {} : { confidence: located(Number(confidence)) }),
  }
}

const relationOf = (asked: Asked): string => ('of' in asked ? asked.of : 'system')

function bodyOf(
  asked: Asked,
  qualifiers: SentenceReading['qualifiers'],
  text: (cel: string) => Expression,
  located: <T>(value: T) => { readonly value: T; readonly span: Span },
): ClauseBody {
  switch (asked.form) {
    case 'every':
      return { form: 'every', condition: text(asked.cel) }
    case 'must': {
      if (qualifiers.always !== true || asked.of !== 'requests') return { form: 'must', condition: text(asked.cel) }
      const { window, inARow } = qualifiers
      return {
        form: 'always',
        condition: text(asked.cel),
        ...(window === undefined ? {} : { window: located(BigInt(window)) }),
        ...(inARow === undefined ? {} : { for: located(Number(inARow)) }),
      }
    }
    case 'forall': {
      const entries = (all: typeof asked.binders): ReadonlyMap<string, Expression> =>
        new Map(all.map(([name, cel]) => [name, text(cel)] as const))
      return { form: 'forall', binders: entries(asked.binders), let: entries(asked.lets), holds: text(asked.cel) }
    }
    case 'whenever':
      return {
        form: 'whenever',
        whenever: text(asked.whenever),
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is a key of the language; its value is never a function.
        then: text(asked.cel),
        within: located(BigInt(asked.within)),
      }
    case 'eventually':
      return { form: 'eventually', condition: text(asked.cel), within: located(BigInt(asked.within)) }
  }
}
