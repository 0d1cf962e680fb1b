import type { ClauseSource, Spec } from '../../language/spec.ts'
import type { Names, NamedRelation } from '../names/names.ts'

/** Whether the spec puts itself under a framework: the rules of frameworks apply then. */
export function isUnderFramework({ system }: Spec): boolean {
  return system.risk?.value === 'high' || system.frameworks.length > 0
}

/** The text of a clause's condition over aggregates; empty for other forms. */
export function measured({ body }: ClauseSource): string {
  return body.form === 'must' || body.form === 'always' ? body.condition.text : ''
}

/** All the conditions of a clause as text. */
export function wholeText({ body }: ClauseSource): string {
  switch (body.form) {
    case 'forall':
      return [...body.binders.values(), body.assume, ...body.let.values(), body.holds]
        .map((part) => part?.text ?? '')
        .join(' ')
    case 'whenever':
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is a key of the language; its value is never a function.
      return `${body.whenever.text} ${body.then.text}`
    default:
      return body.condition.text
  }
}

/** Whether a text names something as a word of its own. */
export function names(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w.])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`, 'u').test(text)
}

/** The relations a clause is asked of, as far as they are known. */
export function relationsOf(clause: ClauseSource, { relations }: Names): readonly NamedRelation[] {
  return clause.of.flatMap(({ value }) => relations.get(value) ?? [])
}

/** The clauses with a condition on aggregates that are asked of a model. */
export function metricClauses(spec: Spec, found: Names): readonly ClauseSource[] {
  return [...spec.clauses.values()].filter(
    (clause) =>
      clause.body.form === 'must' && relationsOf(clause, found).some(({ relation }) => relation.kind === 'model'),
  )
}
