import { wrongRelation } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { NamedRelation } from '../../check/names/names.ts'
import { checkMust } from '../../expr/index.ts'
import type { MustCondition } from '../../expr/must.ts'
import type { ClauseSource, Expression } from '../../language/spec.ts'
import { type Context, parsed, placed, take } from './context.ts'

/** Parses and types a condition of relation scope; undefined when it has errors (they are reported). */
export function mustCondition(
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
