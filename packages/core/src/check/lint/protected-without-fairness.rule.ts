import { protectedWithoutFairness } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { ClauseSource } from '../../language/spec.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, names, wholeText } from './asked.ts'

/** The groups of a protected column of a model's data are compared somewhere. */
export const protectedWithoutFairnessRule: Rule = {
  name: 'protected-without-fairness',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const used = new Set([...found.models.values()].map(({ from }) => from))
    const clauses = [...spec.clauses.values()]
    for (const [name, dataset] of spec.data) {
      if (!used.has(name)) continue
      for (const [column, source] of dataset.columns) {
        if (!source.protected || clauses.some((clause) => compares(clause, column))) continue
        report({
          ...diagnose(protectedWithoutFairness, source.nameSpan, { column, dataset: name }),
          subject: `${name}.${column}`,
        })
      }
    }
  },
}

function compares(clause: ClauseSource, column: string): boolean {
  if (clause.slices.some(({ value }) => value.kind === 'by' && names(value.column, column))) return true
  if (clause.body.form === 'forall') return new RegExp(`(?:columns\\.|['"]|\\.)${column}\\b`).test(wholeText(clause))
  return new RegExp(`(?:ratio|gap)_across\\(\\s*${column}\\b`).test(measured(clause))
}
