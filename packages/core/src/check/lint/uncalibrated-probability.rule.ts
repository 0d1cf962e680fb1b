import { uncalibratedProbability } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, wholeText } from './asked.ts'
import { functionsOf, judgedModels } from './metrics.ts'

const CALIBRATION = ['brier', 'log_loss', 'calibration_error']
const PROBABILITY = /probab|likelihood|(?:^|_)prob(?:$|_)|^p_/i

/** A score that is called a probability is tested as one. */
export const uncalibratedProbabilityRule: Rule = {
  name: 'uncalibrated-probability',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const { model, clauses } of judgedModels(spec, found)) {
      const output = model.source.outputs.get(model.score ?? '')
      if (output === undefined || !PROBABILITY.test(`${output.name} ${output.says ?? ''}`)) continue
      const asked = new Set(clauses.flatMap((clause) => [...functionsOf(wholeText(clause))]))
      if (CALIBRATION.some((name) => asked.has(name))) continue
      const names = { model: model.name, output: output.name }
      report({ ...diagnose(uncalibratedProbability, output.nameSpan, names), subject: model.name })
    }
  },
}
