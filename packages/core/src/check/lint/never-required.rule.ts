import { neverRequired } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { relationsOf } from './asked.ts'

/** A blocking clause belongs to a stage that a release asks for. */
export const neverRequiredRule: Rule = {
  name: 'never-required',
  run: (spec, found, report) => {
    const { staging, production } = spec.release ?? {}
    const requires = production?.requires?.map(({ value }) => value)
    if (requires === undefined) return
    const asked = new Set<string>([...requires, ...(staging?.requires ?? []).map(({ value }) => value)])
    for (const [id, clause] of spec.clauses) {
      if ((clause.severity?.value ?? 'block') !== 'block') continue
      const kinds = relationsOf(clause, found).map(({ relation }) => relation.kind)
      // What production decides has its alerts and rollbacks.
      const stages = kinds.flatMap((kind) => (kind === 'data' || kind === 'model' ? [kind] : []))
      const [stage] = stages
      if (stage === undefined || stages.length < kinds.length || stages.some((each) => asked.has(each))) continue
      report({ ...diagnose(neverRequired, clause.nameSpan, { clause: id, stage, requires }), subject: id })
    }
  },
}
