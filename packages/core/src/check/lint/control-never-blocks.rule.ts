import { controlNeverBlocks } from '../../diagnostics/catalog/lint-accountability.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { blocks } from './metrics.ts'

/** Something that controls a hazard can stop it. */
export const controlNeverBlocksRule: Rule = {
  name: 'control-never-blocks',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const [id, hazard] of spec.hazards) {
      const named = hazard.controls.map(({ value }) => value)
      const controls = [...spec.clauses.values()].filter(
        ({ name, hazards }) => named.includes(name) || hazards.some(({ value }) => value === id),
      )
      // Contracts of columns may be controls, too; their severity is that of the column.
      const others = named.some((name) => !spec.clauses.has(name))
      if (controls.length === 0 || others || controls.some(blocks)) continue
      const clauses = controls.map(({ name }) => name)
      report({ ...diagnose(controlNeverBlocks, hazard.nameSpan, { hazard: id, clauses }), subject: id })
    }
  },
}
