import { scriptNotNeeded } from '../../diagnostics/catalog/lint-pipeline.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { holds } from './stage-files.ts'

/** Arguments that are programs of the project: `train.py`, `src/train.ts`. */
const SCRIPT = /^(?![-/~]|[A-Za-z]:|\w+:\/\/).*\.(?:[cm]?[jt]s|py|ipynb|r|jl|sql|sh|rb|pl|jar)$/i

/** What a stage runs is among what it is known by. */
export const scriptNotNeededRule: Rule = {
  name: 'script-not-needed',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const { name, run, needs } of spec.pipeline?.stages.values() ?? [])
      for (const script of run.value) {
        if (!SCRIPT.test(script) || needs.some(({ value }) => holds(value, script))) continue
        report({ ...diagnose(scriptNotNeeded, run.span, { stage: name, script }), subject: name })
      }
  },
}
