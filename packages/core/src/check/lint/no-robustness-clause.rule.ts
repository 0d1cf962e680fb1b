import { noRobustnessClause } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { relationsOf } from './asked.ts'
import { judgedModels } from './metrics.ts'
import { isReleased } from './production.ts'

/** Of a model that is released, something is asked for inputs that the test rows do not hold. */
export const noRobustnessClauseRule: Rule = {
  name: 'no-robustness-clause',
  run: (spec, found, report) => {
    if (!isReleased(spec)) return
    const champion = judgedModels(spec, found).find(({ model }) => model.name === 'champion')?.model
    const asked = [...spec.clauses.values()].some(
      (clause) =>
        clause.body.form === 'forall' && relationsOf(clause, found).some(({ info }) => info.model === 'champion'),
    )
    if (champion === undefined || asked) return
    const finding = diagnose(noRobustnessClause, champion.source.nameSpan, {
      model: 'champion',
      dataset: champion.from,
    })
    report({ ...finding, subject: 'champion' })
  },
}
