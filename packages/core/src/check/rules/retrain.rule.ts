import { shadowedName } from '../../diagnostics/catalog/check.ts'
import { badRetrain, retrainPace, unknownInProduction } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import { durationText, rateSpan } from '../../language/literals.ts'
import type { Pipeline } from '../../language/spec.ts'
import type { Retrain } from '../../language/spec-production.ts'
import type { Located, Span } from '../../source/span.ts'
import type { Rule } from './rule.ts'

type Report = Parameters<Rule['run']>[2]

/** A retraining has stages that make a challenger from fresh data, and limits that leave each other room. */
export const retrainRule: Rule = {
  name: 'retrain',
  run: ({ pipeline, clauses }, _names, report) => {
    const retrain = pipeline?.retrain
    if (pipeline === undefined || retrain === undefined) return
    const named = clauses.get('new-data')
    if (named !== undefined) {
      const [first, second] = ['what asks for a retraining', 'the clause `new-data`']
      report(diagnose(shadowedName, named.nameSpan, { name: 'new-data', first, second }))
    }
    checkStages(pipeline, retrain, report)
    checkPace(retrain, report)
  },
}

function checkStages(pipeline: Pipeline, retrain: Retrain, report: Report): void {
  const complain = (span: Span, problem: string, fix: string): void =>
    report(diagnose(badRetrain, span, { problem, fix }))
  const known = [...pipeline.stages.keys()]
  const unknown = retrain.stages?.filter(({ value }) => !known.includes(value)) ?? []
  for (const { value: name, span } of unknown)
    report(diagnose(unknownInProduction, span, { what: 'stage', name, near: nearestName(name, known), known }))
  if (unknown.length > 0) return
  const stages = [...pipeline.stages.values()].filter(
    ({ name }) => retrain.stages === undefined || retrain.stages.some(({ value }) => value === name),
  )
  if (stages.length === 0)
    return complain(retrain.span, 'it has no stage to run', 'Declare `pipeline.stages`, and name those that train.')
  const candidate = retrain.candidate ?? pipeline.candidate
  if (candidate === undefined)
    return complain(retrain.span, 'nothing says which file is the challenger', 'Add `candidate: models/….onnx`.')
  const has = (paths: readonly Located<string>[], path: string): boolean => paths.some(({ value }) => value === path)
  if (!stages.some(({ makes }) => has(makes, candidate.value)))
    complain(
      candidate.span,
      `none of its stages makes \`${candidate.value}\``,
      'List it under `makes` of the stage that trains, or name another `candidate` or other `stages`.',
    )
  const { window } = retrain
  if (window !== undefined && !stages.some(({ needs }) => has(needs, window.value)))
    complain(
      window.span,
      `none of its stages needs \`${window.value}\`, so each would be restored as it was before`,
      'List it under `needs` of the stage that trains.',
    )
}

function checkPace({ when, cooldown, budget }: Retrain, report: Report): void {
  const warn = (span: Span, problem: string, fix: string): void => report(diagnose(retrainPace, span, { problem, fix }))
  const schedules = when.filter((trigger) => trigger.kind === 'schedule').map(({ every }) => every)
  const [schedule, second] = schedules
  if (second !== undefined)
    warn(second.span, 'There is more than one schedule; the most frequent one counts.', 'Keep one of them.')
  const rest = Number(cooldown?.value ?? 0n)
  const text = (micros: number): string => durationText(micros)
  if (schedule !== undefined && Number(schedule.value) < rest)
    warn(
      schedule.span,
      `The schedule asks every ${text(Number(schedule.value))}, the cooldown allows one only every ${text(rest)}.`,
      'Make the cooldown the shorter of the two.',
    )
  if (budget === undefined) return
  const { count, per } = budget.value
  const span = rateSpan(budget.value)
  if (cooldown !== undefined && rest * count >= span)
    warn(
      budget.span,
      `The budget of ${count}/${per} can never run out: the cooldown of ${text(rest)} allows fewer.`,
      'Shorten the cooldown, lower the budget, or remove it.',
    )
  if (schedule !== undefined && Math.floor(span / Number(schedule.value)) >= count)
    warn(
      schedule.span,
      `The schedule alone uses up the budget of ${count}/${per}; nothing is left for a clause that is violated.`,
      'Make the schedule rarer, or the budget larger.',
    )
}
