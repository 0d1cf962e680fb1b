import { judgedOnTrainingRows } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { metricClauses } from './asked.ts'
import { judges } from './metrics.ts'

const LEARNED = /^(?:train|training|learn|learning|fit|development)$/i
const HELD_OUT = /^(?:test|testing|holdout|held[_-]?out)$/i

/** A metric is not asked of rows that the model has learned from. */
export const judgedOnTrainingRowsRule: Rule = {
  name: 'judged-on-training-rows',
  run: (spec, found, report) => {
    for (const clause of metricClauses(spec, found).filter(judges))
      for (const { value: written, span } of clause.of) {
        const relation = found.relations.get(written)?.relation
        if (relation?.kind !== 'model') continue
        const splits = [...(spec.data.get(relation.dataset)?.splits.keys() ?? [])]
        const training = splits.find((split) => LEARNED.test(split))
        if (training === undefined || (relation.split !== undefined && relation.split !== training)) continue
        const heldOut = splits.find((split) => HELD_OUT.test(split))
        const whole = relation.split === undefined ? written : written.slice(0, -training.length - 1)
        const near = heldOut === undefined ? undefined : `${whole}.${heldOut}`
        const all = relation.split === undefined
        const finding = diagnose(judgedOnTrainingRows, span, {
          clause: clause.name,
          name: written,
          near,
          training,
          all,
        })
        report({ ...finding, subject: clause.name })
      }
  },
}
