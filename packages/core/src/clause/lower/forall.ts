import {
  badBinder,
  forallOfColumn,
  forallOfJudge,
  mostlyNeedsOver,
  overNeedsMostly,
  unboundedInput,
  unknownName,
  wrongRelation,
} from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import { checkBinder } from '../../expr/index.ts'
import type { Expr } from '../../expr/expr.ts'
import { BOOL, type Type } from '../../expr/type.ts'
import type { ClauseBody, ClauseSource, Expression } from '../../language/spec.ts'
import { walk } from '../../targets/children.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import type { Binder, Domain, ForallClause } from '../clause.ts'
import type { ProgramColumn } from '../program.ts'
import { type Context, parsed, placed, take } from './context.ts'

type Forall = Extract<ClauseBody, { form: 'forall' }>
/** How far `near` reaches where it does not say: 5 % of a column's range. */
const NEAR = 0.05

type Lowered = Pick<ForallClause, 'form' | 'binders' | 'assume' | 'let' | 'holds' | 'text' | 'mostly' | 'over'>

/** Lowers a `forall`: its domains, then `assume`, `let` and `holds`, in which only bound variables and models have names. */
export function lowerForall(
  context: Context,
  clause: ClauseSource,
  body: Forall,
  relations: readonly NamedRelation[],
): Lowered | undefined {
  const wrong = relations.find(({ relation }) => relation.kind !== 'model' || relation.split !== undefined)
  if (wrong !== undefined) {
    const needs = 'It speaks of all inputs of a model; the rows of a split are not inputs but a sample.'
    context.report(
      diagnose(wrongRelation, clause.nameSpan, {
        form: 'forall',
        relation: wrong.relation.name,
        needs,
        fix: 'Name the model alone, such as `of: champion`.',
      }),
    )
    return undefined
  }
  if (!checkMeasure(context, clause, body)) return undefined
  const locals = new Map<string, Type>()
  const binders: Binder[] = []
  for (const [name, expression] of body.binders) {
    const binder = lowerBinder(context, name, expression)
    if (binder === undefined) return undefined
    binders.push(binder)
    locals.set(name, binder.type)
  }
  checkBounds(context, body, binders, relations)
  const typed = (expression: Expression, expected?: Type): Expr | undefined => {
    const syntax = parsed(context, expression)
    if (syntax === undefined) return undefined
    return take(
      context,
      checkBinder(
        syntax,
        { scope: 'binder', locals, unit: unitIn(context), models: context.names.modelInfos },
        placed(expression),
        expected,
      ),
    )
  }
  const assume = body.assume === undefined ? undefined : typed(body.assume, BOOL)
  const lets: { name: string; value: Expr }[] = []
  for (const [name, expression] of body.let) {
    const value = typed(expression)
    if (value === undefined) return undefined
    lets.push({ name, value })
    locals.set(name, value.type)
  }
  const holds = typed(body.holds, BOOL)
  if (holds === undefined || (body.assume !== undefined && assume === undefined)) return undefined
  const condition = { ...(assume === undefined ? {} : { assume }), let: lets, holds }
  const recorded = modelsAsked(condition).find((name) => context.names.models.get(name)?.runner?.kind === 'column')
  if (recorded !== undefined) {
    context.report(diagnose(forallOfColumn, clause.nameSpan, { model: recorded }))
    return undefined
  }
  for (const name of modelsAsked(condition)) {
    const judged = context.names.models.get(name)?.judges?.model
    if (judged === undefined) continue
    context.report(diagnose(forallOfJudge, clause.nameSpan, { model: name, judged }))
    return undefined
  }
  return {
    form: 'forall',
    binders,
    ...condition,
    text: body.holds.text,
    ...(clause.mostly === undefined ? {} : { mostly: clause.mostly.value }),
    ...(body.over === undefined ? {} : { over: body.over.value }),
  }
}

/** The models that a condition on all inputs asks, in its order. */
export function modelsAsked({
  assume,
  let: lets,
  holds,
}: Pick<ForallClause, 'assume' | 'let' | 'holds'>): readonly string[] {
  return [...(assume === undefined ? [] : [assume]), ...lets.map(({ value }) => value), holds]
    .flatMap(walk)
    .flatMap((node) => (node.node === 'predict' ? [node.model] : []))
}

/** `mostly` and `over` come together; the measure is `uniform` or the rows of a data relation. */
function checkMeasure(context: Context, clause: ClauseSource, body: Forall): boolean {
  if (clause.mostly !== undefined && body.over === undefined) {
    context.report(diagnose(mostlyNeedsOver, clause.mostly.span, {}))
    return false
  }
  if (body.over === undefined) return true
  if (clause.mostly === undefined) {
    context.report(diagnose(overNeedsMostly, body.over.span, {}))
    return false
  }
  if (body.over.value === 'uniform') return true
  const data = [...context.names.relationInfos.values()].filter((r) => r.kind === 'data').map((r) => r.name)
  if (data.includes(body.over.value)) return true
  const near = nearestName(body.over.value, data)
  context.report(
    diagnose(unknownName, body.over.span, {
      what: 'measure',
      name: body.over.value,
      near,
      known: ['uniform', ...data],
    }),
  )
  return false
}

function lowerBinder(context: Context, name: string, expression: Expression): Binder | undefined {
  const text = expression.text.trim()
  const near = /^near\(\s*([\w.]+?)\.rows\s*(?:,\s*(?:…|\.\.\.|([0-9]+(?:\.[0-9]+)?)(%?))\s*)?\)$/.exec(text)
  const rows = /^([\w.]+)\.rows$/.exec(text)
  const column = /^(\w+)\.columns\.(\w+)$/.exec(text) ?? /^(\w+)\.columns\["([^"]+)"\]$/.exec(text)
  if (near?.[1] !== undefined) {
    const radius = near[2] === undefined ? NEAR : Number(near[2]) / (near[3] === '%' ? 100 : 1)
    if (radius > 0 && radius <= 1)
      return overRows(context, name, { kind: 'near', relation: near[1], radius }, expression)
    context.report(diagnose(badBinder, expression.span, { text }))
    return undefined
  }
  if (rows?.[1] !== undefined) return overRows(context, name, { kind: 'rows', relation: rows[1] }, expression)
  if (column?.[1] !== undefined && column[2] !== undefined)
    return overColumn(context, name, column[1], column[2], expression)
  if (!/^\w+$/.test(text)) {
    context.report(diagnose(badBinder, expression.span, { text }))
    return undefined
  }
  const type = rowType(context, text, expression)
  return type === undefined ? undefined : { name, domain: { kind: 'declared', dataset: text }, type }
}

function overRows(
  context: Context,
  name: string,
  domain: Extract<Domain, { kind: 'near' | 'rows' }>,
  expression: Expression,
): Binder | undefined {
  const type = rowType(context, domain.relation, expression)
  return type === undefined ? undefined : { name, domain, type }
}

function overColumn(
  context: Context,
  name: string,
  dataset: string,
  column: string,
  expression: Expression,
): Binder | undefined {
  const columns = context.names.datasets.get(dataset)?.columns
  const found = columns?.get(column)
  if (columns === undefined) return unknown(context, 'dataset', dataset, context.names.datasets.keys(), expression)
  if (found === undefined) return unknown(context, 'column', column, columns.keys(), expression)
  if (found.values === undefined && found.columnType !== 'boolean' && !bounded(found)) {
    context.report(diagnose(unboundedInput, expression.span, { column, dataset }))
    return undefined
  }
  const domain: Domain = { kind: 'column', dataset, column }
  return { name, domain, type: found.type }
}

/** The unit of a field of a bound row, or of a model's answer. */
function unitIn({ names }: Context): (of: string, field: string) => string | undefined {
  return (of, field) =>
    (names.relationInfos.get(of)?.columns.get(field) ?? names.models.get(of)?.outputs.get(field))?.unit
}

function rowType(context: Context, relation: string, expression: Expression): Type | undefined {
  const info = context.names.relationInfos.get(relation)
  if (info === undefined || info.kind !== 'data') {
    const known = [...context.names.relationInfos.values()].filter((r) => r.kind === 'data').map((r) => r.name)
    return unknown(context, 'data relation', relation, known, expression)
  }
  return {
    kind: 'record',
    of: relation,
    fields: Object.fromEntries([...info.columns].map(([column, { type }]) => [column, type])),
  }
}

function unknown(
  context: Context,
  what: string,
  name: string,
  names: Iterable<string>,
  expression: Expression,
): undefined {
  const known = [...names]
  context.report(diagnose(unknownName, expression.span, { what, name, near: nearestName(name, known), known }))
}

const bounded = (column: ProgramColumn): boolean =>
  column.columnType !== 'list' &&
  column.columnType !== 'image' &&
  (column.columnType === 'boolean' ||
    column.values !== undefined ||
    (column.low !== undefined && column.high !== undefined))

function checkBounds(
  context: Context,
  body: Forall,
  binders: readonly Binder[],
  relations: readonly NamedRelation[],
): void {
  for (const binder of binders) {
    if (binder.domain.kind !== 'declared') continue
    const { dataset } = binder.domain
    const columns = context.names.datasets.get(dataset)?.columns
    const read = relations.flatMap(({ info }) => context.names.models.get(info.model ?? '')?.input ?? [])
    for (const column of new Set(read)) {
      const found = columns?.get(column)
      const span = body.binders.get(binder.name)?.span
      if (found !== undefined && span !== undefined && !bounded(found))
        context.report(diagnose(unboundedInput, span, { column, dataset }))
    }
  }
}
