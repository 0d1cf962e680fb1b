import { candidateNotMade } from '../../diagnostics/catalog/lint-pipeline.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { holds } from './stage-files.ts'

/** The model that is tested and promoted is made by a stage, so that its training is recorded with it. */
export const candidateNotMadeRule: Rule = {
  name: 'candidate-not-made',
  run: (spec, _found, report) => {
    const { pipeline } = spec
    if (!isUnderFramework(spec) || pipeline?.candidate === undefined) return
    const { candidate, stages } = pipeline
    const made = [...stages.values()].flatMap(({ makes }) => makes)
    if (made.some(({ value }) => holds(value, candidate.value))) return
    report({ ...diagnose(candidateNotMade, candidate.span, { file: candidate.value }), subject: 'pipeline' })
  },
}
