import {
  notInJavaScript,
  relationsDisagree,
  tooMuchAsked,
  unknownName,
  wrongRelation,
} from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { Expr } from '../../expr/expr.ts'
import type { MustCondition } from '../../expr/must.ts'
import type { ClauseSource, DrawnSample, Expression } from '../../language/spec.ts'
import { javascriptSupport } from '../../targets/javascript/compile.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import type { Stage, Target } from '../clause.ts'
import { type Context, placeOf, rowCondition } from './context.ts'
import type { Undigested } from './digest.ts'
import { lowerForall, modelsAsked } from './forall.ts'
import { modelsOfMust, mustCondition } from './must.ts'
import { lowerSlices } from './slices.ts'
import { lowerTemporal, type WatchedClauses, watchedClauses } from './temporal.ts'
import { MOST_VALUES, weightOf } from './weight.ts'

/**
 * Lowers the authored clauses, in the order of the file; one with errors is left out (they are reported). Time clauses may
 * read the verdicts of `contracts`, too.
 */
export function lowerAuthored(
  context: Context,
  contracts: readonly Pick<Undigested, 'id' | 'of'>[],
): readonly Undigested[] {
  const watched = watchedClauses(context.spec, contracts)
  const all: Undigested[] = []
  let weight = 0
  for (const clause of context.spec.clauses.values()) {
    let refused = false
    const report = (d: Diagnostic): void => {
      refused ||= d.severity === 'error'
      context.report(d)
    }
    const lowered = lowerClause({ ...context, report }, clause, watched)
    // A clause that vanished without a word would be the worst kind of green.
    if (lowered === undefined && !refused) throw new Error(`The clause ${clause.name} was lost in lowering.`)
    if (lowered === undefined) continue
    weight += weightOf(lowered)
    if (weight > MOST_VALUES) {
      context.report(diagnose(tooMuchAsked, clause.nameSpan, {}))
      break
    }
    all.push(lowered)
  }
  return all
}

function lowerClause(context: Context, clause: ClauseSource, watched: WatchedClauses): Undigested | undefined {
  const relations = relationsOf(context, clause)
  return relations === undefined ? undefined : lowerBody(context, clause, relations, watched)
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
  release: 'release',
}

/** What clauses of every form have. */
export type Common = Pick<
  Undigested,
  | 'id'
  | 'says'
  | 'severity'
  | 'origin'
  | 'of'
  | 'slices'
  | 'meets'
  | 'hazards'
  | 'rationale'
  | 'owner'
  | 'accepts'
  | 'allowEmpty'
  | 'place'
  | 'models'
>

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
    ...(clause.owner === undefined ? {} : { owner: clause.owner.value }),
    ...(clause.accepts === undefined ? {} : { accepts: clause.accepts.map(({ value }) => value) }),
    allowEmpty: clause.allowEmpty,
    place: placeOf(context, clause.nameSpan),
    // Which model answers requests, real or generated, depends on when they are made: see `modelsOf`.
    models: relations.flatMap(({ info }) => (info.model === undefined || info.kind !== 'model' ? [] : [info.model])),
  }
}

function lowerBody(
  context: Context,
  clause: ClauseSource,
  relations: readonly NamedRelation[],
  watched: WatchedClauses,
): Undigested | undefined {
  const { body } = clause
  const drawn = drawnSample(context, clause, relations)
  if (drawn === 'refused') return undefined
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
        ...(drawn === undefined ? {} : { sample: drawn, confidence: levelOf(clause) }),
      }
    }
    case 'must': {
      const must = inEach(context, clause, relations, (r) => mustCondition(context, clause, body.condition, r))
      if (must === undefined) return undefined
      const base = common(context, clause, relations)
      return {
        ...base,
        models: [...new Set([...base.models, ...modelsOfMust(context, must)])],
        form: 'must',
        must,
        text: body.condition.text,
        confidence: clause.confidence?.value ?? 0.95,
        ...(drawn === undefined ? {} : { sample: drawn }),
        ...(clause.anytime?.value === true ? { anytime: true as const } : {}),
      }
    }
    case 'forall': {
      const lowered = lowerForall(context, clause, body, relations)
      if (lowered === undefined) return undefined
      const base = common(context, clause, relations)
      // A model that is asked must be bound to a version, like the one of `of`.
      return { ...base, models: [...new Set([...base.models, ...modelsAsked(lowered)])], ...lowered }
    }
    default:
      return lowerTemporal(context, clause, body, relations, watched, () => common(context, clause, relations))
  }
}

const levelOf = ({ confidence }: ClauseSource): number =>
  typeof confidence?.value === 'number' ? confidence.value : 0.95

/** The rows that are drawn; 'refused' where there are no rows of a dataset to draw from. */
function drawnSample(
  context: Context,
  { sample, body, nameSpan }: ClauseSource,
  relations: readonly NamedRelation[],
): DrawnSample | undefined | 'refused' {
  if (sample === undefined || typeof sample.value === 'boolean') return undefined
  const other = relations.find(({ relation }) => relation.kind !== 'data')
  if (other === undefined) return sample.value
  const needs = 'Rows are drawn from those of a dataset; what a model answers, or production sees, is measured whole.'
  const fix = 'Remove `sample`, or ask it of the dataset.'
  const parameters = { form: body.form, relation: other.relation.name, needs, fix }
  context.report(diagnose(wrongRelation, sample.span ?? nameSpan, parameters))
  return 'refused'
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
