import {
  clauseNotEnforced,
  notInJavaScript,
  relationsDisagree,
  unknownName,
  wrongRelation,
} from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import { checkMust } from '../../expr/index.ts'
import type { Expr } from '../../expr/expr.ts'
import type { MustCondition } from '../../expr/must.ts'
import type { ClauseBody, ClauseSource, Expression } from '../../language/spec.ts'
import { javascriptSupport } from '../../targets/javascript/compile.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import type { Stage, Target } from '../clause.ts'
import { type Context, parsed, placed, placeOf, rowCondition, take } from './context.ts'
import type { Undigested } from './digest.ts'
import { lowerForall } from './forall.ts'
import { lowerSlices } from './slices.ts'

/** Lowers the authored clauses, in the order of the file; one with errors is left out (they are reported). */
export function lowerAuthored(context: Context): readonly Undigested[] {
  return [...context.spec.clauses.values()].flatMap((clause) => {
    let refused = false
    const report = (d: Diagnostic): void => {
      refused ||= d.severity === 'error'
      context.report(d)
    }
    const lowered = lowerClause({ ...context, report }, clause)
    // A clause that vanished without a word would be the worst kind of green.
    if (lowered === undefined && !refused) throw new Error(`The clause ${clause.name} was lost in lowering.`)
    return lowered === undefined ? [] : [lowered]
  })
}

function lowerClause(context: Context, clause: ClauseSource): Undigested | undefined {
  const relations = relationsOf(context, clause)
  return relations === undefined ? undefined : lowerBody(context, clause, relations)
}

function relationsOf(context: Context, clause: ClauseSource): readonly NamedRelation[] | undefined {
  const known = [...context.names.relations.keys()]
  const found = clause.of.map((of) => {
    const relation = context.names.relations.get(of.value)
    if (relation === undefined) {
      context.report(
        diagnose(unknownName, of.span, { what: 'relation', name: of.value, near: nearestName(of.value, known), known }),
      )
    }
    return relation
  })
  return found.length > 0 && found.every((r) => r !== undefined) ? found : undefined
}

const STAGES: Readonly<Record<NamedRelation['relation']['kind'], Stage>> = {
  data: 'data',
  model: 'model',
  requests: 'runtime',
  system: 'runtime',
}

type Common = Omit<Undigested & { form: 'always' }, 'form' | 'text'>

function common(context: Context, clause: ClauseSource, relations: readonly NamedRelation[]): Common {
  const first = relations[0]
  return {
    id: clause.name,
    says: clause.says?.value ?? clause.name,
    severity: clause.severity?.value ?? 'block',
    origin: clause.origin?.value === 'profiled' ? 'profiled' : 'authored',
    of: relations.map(({ relation }): Target => ({ relation: relation.name, stage: STAGES[relation.kind] })),
    slices: first === undefined ? [] : lowerSlices(context, clause, first.info),
    meets: clause.meets.map((m) => m.value),
    hazards: clause.hazards.map((h) => h.value),
    ...(clause.rationale === undefined ? {} : { rationale: clause.rationale.value }),
    allowEmpty: clause.allowEmpty,
    place: placeOf(context, clause.nameSpan),
    models: relations.flatMap(({ info }) => (info.model === undefined || info.kind === 'requests' ? [] : [info.model])),
  }
}

function lowerBody(
  context: Context,
  clause: ClauseSource,
  relations: readonly NamedRelation[],
): Undigested | undefined {
  const { body } = clause
  switch (body.form) {
    case 'every': {
      const expr = inEach(context, clause, relations, (r) => rowCondition(context, body.condition, r.info))
      if (expr === undefined) return undefined
      checkJavaScript(context, body.condition, relations, expr)
      return {
        ...common(context, clause, relations),
        form: 'every',
        condition: { kind: 'expr', expr, text: body.condition.text },
        missing: clause.missing?.value ?? 'fail',
        mostly: clause.mostly?.value ?? '1',
      }
    }
    case 'must': {
      const must = inEach(context, clause, relations, (r) => mustCondition(context, clause, body.condition, r))
      if (must === undefined) return undefined
      const base = common(context, clause, relations)
      const named = must.terms.flatMap((t) => (t.model === undefined ? [] : [t.model]))
      const timed = must.terms.some((t) => t.fn === 'latency_ms')
      if (timed) context.report(diagnose(clauseNotEnforced, clause.nameSpan, { id: clause.name, what: '`latency_ms`' }))
      return {
        ...base,
        ...(timed ? { unenforced: '`latency_ms` is measured on a staged model, which is not enforced yet' } : {}),
        models: [...new Set([...base.models, ...named, ...modelsOfRelations(context, must)])],
        form: 'must',
        must,
        text: body.condition.text,
        confidence: clause.confidence?.value ?? 0.95,
      }
    }
    case 'forall': {
      const lowered = lowerForall(context, clause, body, relations)
      if (lowered === undefined) return undefined
      const base = common(context, clause, relations)
      return { ...base, models: [...new Set([...base.models, ...predictedBy(lowered)])], ...lowered }
    }
    default:
      return lowerTemporal(context, clause, body, relations)
  }
}

type TemporalBody = Exclude<ClauseBody, { form: 'every' | 'must' | 'forall' }>

/** Time clauses are typed, so that their mistakes are found now, and shown as not enforced. */
function lowerTemporal(
  context: Context,
  clause: ClauseSource,
  body: TemporalBody,
  relations: readonly NamedRelation[],
): Undigested | undefined {
  const ids = new Set(context.spec.clauses.keys())
  for (const relation of relations) {
    const overEvents = body.form === 'whenever' || body.form === 'eventually' || relation.relation.kind === 'system'
    const conditions = body.form === 'whenever' ? [body.whenever, body.then] : [body.condition]
    const typed = conditions.map((condition) =>
      overEvents
        ? rowCondition(context, condition, relation.info, ids)
        : mustCondition(context, clause, condition, relation),
    )
    if (typed.includes(undefined)) return undefined
  }
  const what = `\`${body.form}\``
  context.report(diagnose(clauseNotEnforced, clause.nameSpan, { id: clause.name, what }))
  const text =
    body.form === 'whenever'
      ? `whenever ${body.whenever.text} then ${body.then.text}`
      : `${body.form} ${body.condition.text}`
  const unenforced = `the form ${what} is not enforced yet`
  return { ...common(context, clause, relations), form: body.form, text, unenforced }
}

/** A clause has one meaning: its tree must be the same on every relation it is asked of. */
function inEach<T extends Expr | MustCondition>(
  context: Context,
  clause: ClauseSource,
  relations: readonly NamedRelation[],
  type: (relation: NamedRelation) => T | undefined,
): T | undefined {
  let first: T | undefined
  for (const relation of relations) {
    const typed = type(relation)
    if (typed === undefined) return undefined
    if (first === undefined) first = typed
    else if (!isSame(first, typed)) {
      const names = { first: relations[0]?.relation.name ?? '', second: relation.relation.name }
      context.report(diagnose(relationsDisagree, clause.nameSpan, names))
      return undefined
    }
  }
  return first
}

/** Whether two trees of plain data are the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        isSame((a as Readonly<Record<string, unknown>>)[key], (b as Readonly<Record<string, unknown>>)[key]),
    )
  )
}

function mustCondition(
  context: Context,
  clause: ClauseSource,
  expression: Expression,
  { info, relation }: NamedRelation,
): MustCondition | undefined {
  if (relation.kind === 'system') {
    context.report(
      diagnose(wrongRelation, clause.nameSpan, {
        form: 'must',
        relation: 'system',
        needs: 'The event stream has no rows to aggregate.',
        fix: 'Ask it of `requests`, or write `whenever`.',
      }),
    )
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
      sample: clause.sample?.value ?? false,
      clauses: new Set(context.spec.clauses.keys()),
    },
    placed(expression),
  )
  return take(context, result)
}

function modelsOfRelations(context: Context, must: MustCondition): readonly string[] {
  return must.terms.flatMap((term) =>
    term.args.flatMap((arg) => {
      const model = arg.kind === 'relation' ? context.names.relationInfos.get(arg.relation)?.model : undefined
      return model === undefined ? [] : [model]
    }),
  )
}

/** The models whose answers an expression asks for: like the one of `of`, they must be bound to a version. */
function predictedBy(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(predictedBy)
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(predictedBy)
  const { node, model } = value as { readonly node?: unknown; readonly model?: unknown }
  return node === 'predict' && typeof model === 'string' ? [model, ...inner] : inner
}

function checkJavaScript(
  context: Context,
  expression: Expression,
  relations: readonly NamedRelation[],
  expr: Expr,
): void {
  if (!relations.some(({ relation }) => relation.kind === 'requests')) return
  const support = javascriptSupport(expr)
  if (support.supported) return
  const [start, end] = support.at ?? [0, expression.text.length]
  context.report(
    diagnose(notInJavaScript, expression.place(start, end), { relation: 'requests', reason: support.reason }),
  )
}
