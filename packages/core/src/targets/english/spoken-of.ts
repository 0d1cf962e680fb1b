import type { ClauseSource } from '../../language/spec.ts'
import type { SpokenClause } from './spoken-clause.ts'

/** A clause of a spec, as it is spoken of. */
export function spokenOf(clause: ClauseSource): SpokenClause {
  const { body } = clause
  const common = {
    of: clause.of.map(({ value }) => value),
    slices: clause.slices.map(({ value }) => (value.kind === 'by' ? `by ${value.column}` : value.name)),
    severity: clause.severity?.value ?? 'block',
    allowEmpty: clause.allowEmpty,
  }
  const confidence = clause.confidence === undefined ? {} : { confidence: clause.confidence.value }
  const mostly = clause.mostly === undefined ? {} : { mostly: clause.mostly.value }
  const cluster = clause.cluster === undefined ? {} : { cluster: clause.cluster.value }
  const anytime = clause.anytime?.value === true ? { anytime: true as const } : {}
  const weights = clause.weights === undefined ? {} : { weights: clause.weights.value }
  const drawn = typeof clause.sample?.value === 'object' ? { drawn: clause.sample.value } : {}
  switch (body.form) {
    case 'every':
      return {
        ...common,
        form: 'every',
        condition: body.condition.text,
        ...mostly,
        ...drawn,
        missing: clause.missing?.value ?? 'fail',
      }
    case 'must':
      return {
        ...common,
        form: 'must',
        condition: body.condition.text,
        ...confidence,
        sample: clause.sample?.value === true,
        ...drawn,
        ...cluster,
        ...weights,
        ...anytime,
      }
    case 'always':
      return {
        ...common,
        form: 'always',
        condition: body.condition.text,
        ...(body.window === undefined ? {} : { window: Number(body.window.value) }),
        inARow: body.for?.value ?? 1,
        ...confidence,
        ...cluster,
        ...weights,
        ...anytime,
      }
    case 'eventually':
      return { ...common, form: 'eventually', condition: body.condition.text, within: Number(body.within.value) }
    case 'whenever':
      return {
        ...common,
        form: 'whenever',
        whenever: body.whenever.text,
        condition: body.then.text,
        within: Number(body.within.value),
      }
    case 'forall':
      return {
        ...common,
        form: 'forall',
        binders: [...body.binders].map(([name, { text }]) => [name, text] as const),
        ...(body.assume === undefined ? {} : { assume: body.assume.text }),
        lets: [...body.let].map(([name, { text }]) => [name, text] as const),
        condition: body.holds.text,
        ...mostly,
        ...(body.over === undefined ? {} : { over: body.over.value }),
      }
  }
}
