import { wrongRelation } from '../../diagnostics/catalog/check.ts'
import { noWindow, notByWindow, readsNothing } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import type { Expr } from '../../expr/expr.ts'
import type { ClauseBody, ClauseSource, Expression, Spec } from '../../language/spec.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import type { Common } from './authored.ts'
import { type Context, rowCondition } from './context.ts'
import type { Undigested } from './digest.ts'
import { modelsOfMust, mustCondition } from './must.ts'

type TemporalBody = Exclude<ClauseBody, { form: 'every' | 'must' | 'forall' }>

/** The clauses whose verdicts a time clause may name; true for those that windows of `requests` decide. */
export type WatchedClauses = ReadonlyMap<string, boolean>

/** Every clause of a spec, authored or a contract. A clause over events has no windows, so none can wait for itself. */
export function watchedClauses(
  spec: Pick<Spec, 'clauses'>,
  contracts: readonly Pick<Undigested, 'id' | 'of'>[],
): WatchedClauses {
  return new Map([
    ...[...spec.clauses].map(([id, { of }]) => [id, of.some(({ value }) => value === 'requests')] as const),
    ...contracts.map(({ id, of }) => [id, of.some(({ relation }) => relation === 'requests')] as const),
  ])
}

/** Lowers a clause that speaks of time: `always` of windows of `requests`, the others of the events of `system`. */
export function lowerTemporal(
  context: Context,
  clause: ClauseSource,
  body: TemporalBody,
  relations: readonly NamedRelation[],
  watched: WatchedClauses,
  common: () => Common,
): Undigested | undefined {
  const [relation] = relations
  if (relation === undefined || !isAskedOfTime(context, clause, relations)) return undefined
  const typed =
    body.form === 'always'
      ? lowerAlways(context, clause, body, relation)
      : lowerOverEvents(context, body, relation, watched)
  if (typed === undefined) return undefined
  const base = common()
  const models = typed.form === 'always' ? modelsOfMust(context, typed.must) : []
  return { ...base, models: [...new Set([...base.models, ...models])], ...typed }
}

function isAskedOfTime(context: Context, clause: ClauseSource, relations: readonly NamedRelation[]): boolean {
  const { form } = clause.body
  const home = form === 'always' ? 'requests' : 'system'
  const wrong = relations.findIndex(({ relation }) => relation.kind !== home)
  if (wrong < 0) return true
  const needs =
    form === 'always'
      ? 'It speaks of windows of production traffic; only `requests` has them.'
      : 'It speaks of events one after another; only `system` has them.'
  const instead = form === 'always' ? 'write `must`' : 'write `always` of `requests`'
  const span = clause.of[wrong]?.span ?? clause.nameSpan
  const name = relations[wrong]?.relation.name ?? ''
  context.report(
    diagnose(wrongRelation, span, { form, relation: name, needs, fix: `Write \`of: ${home}\`, or ${instead}.` }),
  )
  return false
}

type Typed<F extends TemporalBody['form'], C = Extract<Undigested, { form: F }>> = C extends unknown
  ? Omit<C, keyof Common>
  : never

function lowerAlways(
  context: Context,
  clause: ClauseSource,
  body: Extract<TemporalBody, { form: 'always' }>,
  relation: NamedRelation,
): Typed<'always'> | undefined {
  const window = body.window?.value ?? context.spec.monitor?.windows[0]?.value
  if (window === undefined) context.report(diagnose(noWindow, clause.nameSpan, { id: clause.name }))
  const must = mustCondition(context, clause, body.condition, relation)
  if (must === undefined || window === undefined) return undefined
  return {
    form: 'always',
    must,
    text: body.condition.text,
    confidence: clause.confidence?.value ?? 0.95,
    ...(clause.anytime?.value === true ? { anytime: true as const } : {}),
    window: Number(window),
    for: body.for?.value ?? 1,
  }
}

function lowerOverEvents(
  context: Context,
  body: Exclude<TemporalBody, { form: 'always' }>,
  relation: NamedRelation,
  watched: WatchedClauses,
): Typed<'whenever' | 'eventually'> | undefined {
  const condition = (expression: Expression): Expr | undefined => eventCondition(context, expression, relation, watched)
  if (body.form === 'eventually') {
    const awaited = condition(body.condition)
    if (awaited === undefined) return undefined
    return { form: 'eventually', condition: awaited, within: Number(body.within.value), text: body.condition.text }
  }
  const [trigger, response] = [condition(body.whenever), condition(body.then)]
  if (trigger === undefined || response === undefined) return undefined
  const text = `${body.whenever.text} then ${body.then.text}`
  return { form: 'whenever', trigger, response, within: Number(body.within.value), text }
}

/** A condition over events and verdicts; undefined when it has errors (they are reported). */
function eventCondition(
  context: Context,
  expression: Expression,
  relation: NamedRelation,
  watched: WatchedClauses,
): Expr | undefined {
  const typed = rowCondition(context, expression, relation.info, new Set(watched.keys()))
  if (typed === undefined) return undefined
  const named = [...walk(typed)].filter((node) => node.node === 'verdict-of')
  if (named.length === 0 && columnsOf(typed).size === 0) {
    context.report(diagnose(readsNothing, expression.span, { text: expression.text }))
    return undefined
  }
  const waitsForever = named.filter(({ clause }) => watched.get(clause) !== true)
  for (const { clause, at } of waitsForever) {
    const [start, end] = at ?? [0, expression.text.length]
    context.report(diagnose(notByWindow, expression.place(start, end), { id: clause }))
  }
  return waitsForever.length === 0 ? typed : undefined
}
