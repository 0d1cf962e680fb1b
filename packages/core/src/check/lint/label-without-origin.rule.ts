import { labelWithoutOrigin } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { judgedModels } from './metrics.ts'

/** What a model is judged by was made somehow, by somebody, and the spec says how. */
export const labelWithoutOriginRule: Rule = {
  name: 'label-without-origin',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const seen = new Set<string>()
    for (const { model } of judgedModels(spec, found)) {
      const column = found.datasets.get(model.from)?.source.columns.get(model.label ?? '')
      const subject = `${model.from}.${column?.name ?? ''}`
      if (column === undefined || seen.has(subject)) continue
      seen.add(subject)
      if (column.says !== undefined || column.origin !== undefined || column.rationale !== undefined) continue
      const words = { dataset: model.from, label: column.name }
      report({ ...diagnose(labelWithoutOrigin, column.nameSpan, words), subject })
    }
  },
}
