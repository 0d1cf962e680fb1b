import { badLabels, unknownInProduction } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { Rule } from './rule.ts'

/** Labels of the monitor can be joined to requests, and are those the served model is judged by. */
export const labelsRule: Rule = {
  name: 'labels',
  run: (spec, names, report) => {
    const labels = spec.monitor?.labels
    if (labels === undefined) return
    const requests = names.relationInfos.get('requests')
    if (requests === undefined) {
      const problem = 'there is no champion whose answers they could judge'
      return report(diagnose(badLabels, labels.span, { problem, fix: 'Declare `models.champion`.' }))
    }
    if (requests.label === undefined) {
      const fix = 'Name the label column of the champion: `label: …`.'
      report(diagnose(badLabels, labels.span, { problem: 'the champion has no label', fix }))
    }
    const known = [...requests.columns.values()].filter(({ role }) => role !== 'output' && role !== 'label')
    const joinable = [...known.map(({ name }) => name), '_request_id']
    for (const { value: name, span } of labels.join) {
      if (joinable.includes(name)) continue
      const near = nearestName(name, joinable)
      report(diagnose(unknownInProduction, span, { what: 'key or input', name, near, known: joinable }))
    }
    if (labels.join.length === 0) {
      const fix = 'Name the columns that a label and its request share: `join: id`.'
      report(diagnose(badLabels, labels.span, { problem: '`join` names no column', fix }))
    }
  },
}
