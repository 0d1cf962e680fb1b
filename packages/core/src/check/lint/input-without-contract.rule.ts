import { inputWithoutContract } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { judgedModels } from './metrics.ts'

/** The numbers that a model is given have a range. */
export const inputWithoutContractRule: Rule = {
  name: 'input-without-contract',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const { model } of judgedModels(spec, found)) {
      const columns = model.input.filter((name) => {
        const column = found.datasets.get(model.from)?.columns.get(name)
        const isNumber = column?.columnType === 'integer' || column?.columnType === 'number'
        return isNumber && column.low === undefined && column.high === undefined && column.values === undefined
      })
      if (columns.length === 0) continue
      const parameters = { model: model.name, columns }
      report({ ...diagnose(inputWithoutContract, model.source.nameSpan, parameters), subject: model.name })
    }
  },
}
