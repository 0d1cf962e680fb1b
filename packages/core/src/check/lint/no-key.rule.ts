import { noKey } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { judgedModels } from './metrics.ts'

/** The rows a model is judged on have names. */
export const noKeyRule: Rule = {
  name: 'no-key',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const name of new Set(judgedModels(spec, found).map(({ model }) => model.from))) {
      const dataset = found.datasets.get(name)
      if (dataset === undefined || dataset.key.length > 0) continue
      report({ ...diagnose(noKey, dataset.source.nameSpan, { dataset: name }), subject: name })
    }
  },
}
