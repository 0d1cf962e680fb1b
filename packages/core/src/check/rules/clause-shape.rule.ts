import { badClauseId, notForForm } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { isId } from '../../language/index.ts'
import type { Span } from '../../source/span.ts'
import type { Rule } from './rule.ts'

/** Ids are of the right shape, and every key of a clause has a meaning in its form. */
export const clauseShapeRule: Rule = {
  name: 'clause-shape',
  run: (spec, _names, report) => {
    for (const [id, clause] of spec.clauses) {
      // What is no name at all was said when it was read.
      if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(id) && isId(id)) report(diagnose(badClauseId, clause.nameSpan, { id }))
      const { form } = clause.body
      const refuse = (key: string, span: Span | undefined, instead: string): void => {
        if (span !== undefined) report(diagnose(notForForm, span, { key, form, instead }))
      }
      if (form !== 'every') {
        refuse('missing', clause.missing?.span, 'Remove it; aggregates skip missing cells and say how many.')
        if (form !== 'forall') refuse('mostly', clause.mostly?.span, 'Write `must: share(condition) >= 0.99`.')
      }
      const drawn = form === 'every' && typeof clause.sample?.value === 'object'
      if (form !== 'must' && form !== 'always') {
        refuse(
          'confidence',
          drawn && clause.confidence?.value !== 'none' ? undefined : clause.confidence?.span,
          'An `every` clause describes exactly the rows given; a claim about the population is `must: share(c) >= 0.99`.',
        )
        refuse('cluster', clause.cluster?.span, 'Only intervals depend on which rows belong together.')
        refuse('anytime', clause.anytime?.span, 'Only intervals are wider where rows are looked at again and again.')
        refuse('weights', clause.weights?.span, 'Each row counts once; metrics of models can weigh rows.')
        const isDrawn = drawn ? undefined : clause.sample?.span
        refuse(
          'sample',
          isDrawn,
          form === 'every'
            ? 'Say how many rows are drawn (`sample: 100_000`, `sample: 5%`); a claim about the population is written `must: share(c) >= 0.99`.'
            : 'A claim about the population is written `must: share(c) >= 0.99`.',
        )
      }
      if (form === 'always' && typeof clause.sample?.value === 'object')
        refuse('sample', clause.sample.span, 'Windows are measured whole; remove it.')
      if (form !== 'every' && form !== 'must')
        refuse('slices', clause.slices[0]?.span, 'Slices are for `every` and `must`.')
    }
  },
}
