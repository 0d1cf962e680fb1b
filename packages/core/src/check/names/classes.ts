import { modelIncomplete, notForType, unknownName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { ProgramColumn } from '../../clause/program.ts'
import type { ClassInfo } from '../../expr/environment.ts'
import type { Model, ModelTask } from '../../language/spec.ts'

/** What a model is for, and of a model of several classes: its classes, and where it answers them. */
export interface ResolvedClasses {
  readonly task: ModelTask
  readonly info?: ClassInfo
}

/**
 * The task (as declared, else by what the model answers) and the classes: the declared values of the label, each with the
 * output that says `class: …` of it; the first category among the outputs names the class that the model decides for.
 */
export function resolveClasses(
  source: Model,
  outputs: ReadonlyMap<string, ProgramColumn>,
  label: ProgramColumn | undefined,
  report: (d: Diagnostic) => void,
): ResolvedClasses {
  const answer = [...outputs.values()].find(({ columnType }) => columnType === 'category')
  const ofClasses = [...source.outputs.values()].filter((output) => output.class !== undefined)
  const task = source.task?.value ?? taskBy(source, outputs, answer !== undefined || ofClasses.length > 0)
  if (task !== 'multiclass-classification') {
    if (ofClasses[0]?.class !== undefined)
      report(
        diagnose(modelIncomplete, ofClasses[0].class.span, {
          model: source.name,
          missing: 'task: multiclass-classification',
          why: 'An output is the probability of a class, which only a model of several classes has.',
          fix: 'Write `task: multiclass-classification`, or remove `class`.',
        }),
      )
    return { task }
  }
  const codes = label?.columnType === 'category' ? label.values : answer?.values
  if (codes === undefined) return { task }
  const probabilities = new Map<string | number | boolean, string>()
  for (const { name, class: of, type } of ofClasses) {
    if (of === undefined) continue
    if (type.value !== 'number') report(diagnose(notForType, of.span, { key: 'class', type: type.value }))
    else if (codes.some(({ code }) => code === of.value)) probabilities.set(of.value, name)
    else {
      const known = codes.map(({ code }) => String(code))
      const near = nearestName(String(of.value), known)
      report(diagnose(unknownName, of.span, { what: 'class', name: String(of.value), near, known }))
    }
  }
  const all = codes.map(({ code }) => {
    const probability = probabilities.get(code)
    return { code, ...(probability === undefined ? {} : { probability }) }
  })
  return { task, info: { all, ...(answer === undefined ? {} : { answer: answer.name }) } }
}

/** A number alone is an amount; a decision makes it the probability of an event; a category is one of several classes. */
function taskBy(source: Model, outputs: ReadonlyMap<string, ProgramColumn>, hasClasses: boolean): ModelTask {
  if (source.decision !== undefined) return 'binary-classification'
  const numbers = [...outputs.values()].filter(({ columnType }) => columnType === 'number')
  const free = numbers.filter(({ name }) => source.outputs.get(name)?.class === undefined)
  return hasClasses && free.length === 0 ? 'multiclass-classification' : 'regression'
}
