import { identifierAsInput } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'

/** A model does not see which row it answers for, nor in which split the row is. */
export const identifierAsInputRule: Rule = {
  name: 'identifier-as-input',
  run: (spec, found, report) => {
    for (const [name, { input }] of spec.models) {
      const model = found.models.get(name)
      const dataset = found.datasets.get(model?.from ?? '')
      for (const { value: column, span } of input?.columns ?? []) {
        const role = dataset?.key.includes(column) === true ? 'key' : dataset?.columns.get(column)?.role
        if (role !== 'key' && role !== 'split') continue
        report({ ...diagnose(identifierAsInput, span, { model: name, column, role }), subject: name })
      }
    }
  },
}
