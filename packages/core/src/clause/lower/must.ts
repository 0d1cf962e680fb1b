import { notForForm, notInSql, notOfASample, unknownName, wrongRelation } from '../../diagnostics/catalog/check.ts'
import { typeMismatch } from '../../diagnostics/catalog/expr.ts'
import { noSample } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import { checkMust } from '../../expr/index.ts'
import { aggregates } from '../../expr/functions/aggregates.ts'
import type { MustCondition } from '../../expr/must.ts'
import type { ClauseSource, Expression } from '../../language/spec.ts'
import { beyondReach } from './reach.ts'
import { type Context, inSql, parsed, placed, take } from './context.ts'

/** Parses and types a condition of relation scope; undefined when it has errors (they are reported). */
export function mustCondition(
  context: Context,
  clause: ClauseSource,
  expression: Expression,
  { info, relation }: NamedRelation,
): MustCondition | undefined {
  const refuse = (needs: string, fix: string): undefined => {
    context.report(
      diagnose(wrongRelation, clause.nameSpan, { form: clause.body.form, relation: relation.name, needs, fix }),
    )
  }
  if (relation.kind === 'system')
    return refuse('The event stream has no rows to aggregate.', 'Ask it of `requests`, or write `whenever`.')
  for (const named of [clause.cluster, clause.weights]) {
    if (named === undefined || info.columns.has(named.value)) continue
    const known = [...info.columns.keys()]
    const near = nearestName(named.value, known)
    context.report(diagnose(unknownName, named.span, { what: 'column', name: named.value, near, known }))
    return undefined
  }
  const { weights } = clause
  const weighing = weights === undefined ? undefined : info.columns.get(weights.value)
  if (weights !== undefined && weighing?.columnType !== 'number' && weighing?.columnType !== 'integer') {
    const what = '`weights` must name a column of numbers'
    context.report(diagnose(typeMismatch, weights.span, { what, found: weighing?.columnType ?? '', fix: undefined }))
    return undefined
  }
  const syntax = parsed(context, expression)
  if (syntax === undefined) return undefined
  const result = checkMust(
    syntax,
    {
      scope: 'relation',
      relation: info,
      relations: context.names.relationInfos,
      models: context.names.modelInfos,
      confidence: clause.confidence?.value,
      sample: clause.sample !== undefined && clause.sample.value !== false,
      ...(clause.cluster === undefined ? {} : { cluster: clause.cluster.value }),
      ...(weights === undefined ? {} : { weights: weights.value }),
    },
    placed(expression),
  )
  const must = take(context, result)
  if (must === undefined) return undefined
  const drawn = clause.sample !== undefined && typeof clause.sample.value === 'object'
  const whole = drawn ? must.terms.find(({ fn }) => aggregates[fn].interval === 'none') : undefined
  if (whole !== undefined) {
    context.report(diagnose(notOfASample, expression.place(0, expression.text.length), { term: whole.expression }))
    return undefined
  }
  const estimates = must.terms.some((term) => term.estimates === 'population')
  if (clause.anytime?.value === true && !estimates) {
    const instead =
      'It describes the rows at hand; intervals are those of metrics, distances, and of clauses with `confidence`.'
    context.report(diagnose(notForForm, clause.anytime.span, { key: 'anytime', form: 'must', instead }))
    return undefined
  }
  const asked = must.terms.flatMap(({ args }) => args.flatMap((arg) => (arg.kind === 'expr' ? [arg.expr] : [])))
  if (!asked.every((expr) => inSql(context, expression, expr, info))) return undefined
  const beyond = beyondReach(must, info, context.names.relationInfos)
  if (beyond !== undefined) {
    context.report(diagnose(notInSql, expression.place(0, expression.text.length), { reason: beyond }))
    return undefined
  }
  const sampled = must.terms.some(({ fn, where }) => fn !== 'latency_ms' || where !== undefined)
  if (relation.kind === 'release' && (sampled || clause.slices.length > 0))
    return refuse(
      'Its requests are generated, so a share or a mean of them speaks of nothing; only the time of all answers is measured.',
      'Ask `latency_ms(q)` of it, and the rest of `requests` or of the model.',
    )
  const compared = must.terms.flatMap(({ args }) => args.flatMap((arg) => (arg.kind === 'relation' ? [arg] : [])))
  const noSampleOf = compared.find((arg) => arg.relation === 'release' || arg.relation === 'system')
  if (noSampleOf === undefined) return must
  context.report(diagnose(noSample, clause.nameSpan, { relation: noSampleOf.relation }))
  return undefined
}

/** The models that the terms of a condition name, themselves or by a relation with their answers. */
export function modelsOfMust(context: Context, must: MustCondition): readonly string[] {
  const named = must.terms.flatMap((t) => (t.model === undefined ? [] : [t.model]))
  const related = must.terms.flatMap((term) =>
    term.args.flatMap((arg) => {
      const model = arg.kind === 'relation' ? context.names.relationInfos.get(arg.relation)?.model : undefined
      return model === undefined ? [] : [model]
    }),
  )
  return [...named, ...related]
}
