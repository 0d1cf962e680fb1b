import { missingUnstated } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, names, relationsOf } from './asked.ts'

/** A condition on a column that may be missing says what becomes of the rows where it is. */
export const missingUnstatedRule: Rule = {
  name: 'missing-unstated',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    for (const clause of spec.clauses.values()) {
      if (clause.body.form !== 'every' || clause.missing !== undefined) continue
      const { text } = clause.body.condition
      const columns = new Set(
        relationsOf(clause, found).flatMap(({ info }) =>
          [...info.columns.values()]
            .filter(({ name, optional, role }) => optional && role !== 'label' && names(text, name))
            .map(({ name }) => name)
            .filter((name) => !new RegExp(`has\\(\\s*${name}\\s*\\)|${name}\\s*[!=]=\\s*null`).test(text)),
        ),
      )
      if (columns.size === 0) continue
      const parameters = { clause: clause.name, columns: [...columns] }
      report({ ...diagnose(missingUnstated, clause.nameSpan, parameters), subject: clause.name })
    }
  },
}
