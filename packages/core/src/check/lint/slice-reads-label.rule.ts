import { sliceReadsLabel } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { metricClauses, names, relationsOf } from './asked.ts'
import { judges } from './metrics.ts'

/** No slice of a metric is picked by what the metric is about. */
export const sliceReadsLabelRule: Rule = {
  name: 'slice-reads-label',
  run: (spec, found, report) => {
    for (const clause of metricClauses(spec, found).filter(judges)) {
      const labels = new Set(relationsOf(clause, found).flatMap(({ info }) => info.label ?? []))
      for (const { value, span } of clause.slices) {
        const condition = value.kind === 'by' ? value.column : (spec.slices.get(value.name)?.text ?? '')
        const label = [...labels].find((column) => names(condition, column))
        if (label === undefined) continue
        const slice = value.kind === 'by' ? `by ${value.column}` : value.name
        const finding = diagnose(sliceReadsLabel, span, { clause: clause.name, slice, label })
        report({ ...finding, subject: clause.name })
      }
    }
  },
}
