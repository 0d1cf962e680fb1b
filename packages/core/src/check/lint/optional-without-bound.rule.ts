import { optionalWithoutBound } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, names } from './asked.ts'
import { judgedModels } from './metrics.ts'

/** How many cells of an input may be missing is bounded. */
export const optionalWithoutBoundRule: Rule = {
  name: 'optional-without-bound',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const texts = [...spec.clauses.values()].map(measured).filter((text) => /null|has\(/.test(text))
    const bounded = (column: string): boolean =>
      texts.some((text) => names(text, column) || /_over\(\s*columns\b.*null_share/.test(text))
    for (const { model } of judgedModels(spec, found)) {
      const dataset = found.datasets.get(model.from)
      const columns = model.input.filter((name) => dataset?.columns.get(name)?.optional === true && !bounded(name))
      if (columns.length === 0) continue
      const parameters = { model: model.name, columns }
      report({ ...diagnose(optionalWithoutBound, model.source.nameSpan, parameters), subject: model.name })
    }
  },
}
