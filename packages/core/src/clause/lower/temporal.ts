import { clauseNotEnforced } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import type { ClauseBody, ClauseSource } from '../../language/spec.ts'
import type { Common } from './authored.ts'
import { type Context, rowCondition } from './context.ts'
import type { Undigested } from './digest.ts'
import { modelsOfMust, mustCondition } from './must.ts'

type TemporalBody = Exclude<ClauseBody, { form: 'every' | 'must' | 'forall' }>

/** A day: the window of a spec that names none. */
const DAY = 86_400_000_000n

/** Time clauses are typed, so that their mistakes are found now, and shown as not enforced. */
export function lowerTemporal(
  context: Context,
  clause: ClauseSource,
  body: TemporalBody,
  relations: readonly NamedRelation[],
  common: () => Common,
): Undigested | undefined {
  const [relation] = relations
  if (relation === undefined) return undefined
  const typed = typedBody(context, clause, body, relation)
  if (typed === undefined) return undefined
  const what = `\`${body.form}\``
  context.report(diagnose(clauseNotEnforced, clause.nameSpan, { id: clause.name, what }))
  const base = common()
  const models = typed.form === 'always' ? modelsOfMust(context, typed.must) : []
  return {
    ...base,
    models: [...new Set([...base.models, ...models])],
    ...typed,
    unenforced: `the form ${what} is not enforced yet`,
  }
}

type Typed<C = Extract<Undigested, { form: TemporalBody['form'] }>> = C extends unknown ? Omit<C, keyof Common> : never

function typedBody(
  context: Context,
  clause: ClauseSource,
  body: TemporalBody,
  relation: NamedRelation,
): Typed | undefined {
  const ids = new Set(context.spec.clauses.keys())
  switch (body.form) {
    case 'always': {
      const must = mustCondition(context, clause, body.condition, relation)
      if (must === undefined) return undefined
      const window = body.window?.value ?? context.spec.monitor?.windows[0]?.value ?? DAY
      return {
        form: 'always',
        must,
        text: body.condition.text,
        confidence: clause.confidence?.value ?? 0.95,
        window: Number(window),
        for: body.for?.value ?? 1,
      }
    }
    case 'eventually': {
      const condition = rowCondition(context, body.condition, relation.info, ids)
      if (condition === undefined) return undefined
      return { form: 'eventually', condition, within: Number(body.within?.value ?? 0n), text: body.condition.text }
    }
    case 'whenever': {
      const trigger = rowCondition(context, body.whenever, relation.info, ids)
      const response = rowCondition(context, body.then, relation.info, ids)
      if (trigger === undefined || response === undefined) return undefined
      const text = `${body.whenever.text} then ${body.then.text}`
      return { form: 'whenever', trigger, response, within: Number(body.within?.value ?? 0n), text }
    }
  }
}
