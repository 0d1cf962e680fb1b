import { clauseWithoutWords } from '../../diagnostics/catalog/lint-accountability.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/** A clause says in words what it asks. */
export const clauseWithoutWordsRule: Rule = {
  name: 'clause-without-words',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const [id, { says, nameSpan }] of spec.clauses)
      if (says === undefined) report({ ...diagnose(clauseWithoutWords, nameSpan, { clause: id }), subject: id })
  },
}
