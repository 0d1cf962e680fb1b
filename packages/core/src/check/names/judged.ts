import { badJudge, unknownName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { Judged } from '../../clause/program.ts'
import type { Model, Spec } from '../../language/spec.ts'
import type { Located } from '../../source/span.ts'

/** `writer.answer`: an answer of another model, in the place of a column. */
export function isAnswer(spec: Spec, column: string): boolean {
  return column.includes('.') && spec.models.has(column.slice(0, column.indexOf('.')))
}

/** The model whose answers a judge reads; undefined for a model that reads none. Its mistakes are reported. */
export function resolveJudged(
  name: string,
  source: Model,
  answers: readonly Located<string>[],
  spec: Spec,
  report: (d: Diagnostic) => void,
): Judged | undefined {
  const [first] = answers
  if (first === undefined) return undefined
  const model = modelIn(first.value)
  const subject = whole(spec, model)
  const complain = (problem: string, fix: string): undefined =>
    report(diagnose(badJudge, first.span, { model: name, problem, fix })) as undefined
  if (answers.some(({ value }) => modelIn(value) !== model))
    return complain('it reads answers of two models', 'Declare a judge for each of them.')
  if (model === name) return complain('it reads its own answer', 'Name another model.')
  if (name === 'champion' || name === 'challenger')
    return complain(
      'the champion is what is served, and requests have no answers of others',
      'Give the judge a name of its own, and let it read `champion.…`.',
    )
  if (source.runner?.kind === 'column')
    return complain(
      'its answers are a column of the data',
      'Say what runs the judge, or take the answers out of its input.',
    )
  if (subject?.input?.columns.some(({ value }) => isAnswer(spec, value)) === true)
    return complain(`\`${model}\` is a judge itself`, 'Let it read what the judged model answered.')
  if (subject?.input !== undefined && subject.input.from.value !== source.input?.from.value)
    return complain(
      `\`${model}\` answers rows of \`${subject.input.from.value}\``,
      'Take the input of both from one dataset.',
    )
  const outputs = answers.map(({ value, span }) => ({ value: value.slice(model.length + 1), span }))
  const known = [...(subject?.outputs.keys() ?? [])]
  for (const { value, span } of outputs)
    if (!known.includes(value))
      report(
        diagnose(unknownName, span, {
          what: `output of \`${model}\``,
          name: value,
          near: nearestName(value, known),
          known,
        }),
      )
  return { model, outputs: outputs.map(({ value }) => value) }
}

const modelIn = (column: string): string => column.slice(0, column.indexOf('.'))

/** A model with the input and outputs that `like` gives it. A ring of them is reported where it is followed. */
function whole(spec: Spec, name: string): Model | undefined {
  const seen = new Set<string>()
  let model = spec.models.get(name)
  while (model?.like !== undefined && !seen.has(model.name)) {
    seen.add(model.name)
    const like = spec.models.get(model.like.value)
    if (like === undefined) break
    model = {
      ...like,
      ...model,
      ...((model.input ?? like.input) === undefined ? {} : { input: model.input ?? like.input }),
      outputs: model.outputs.size > 0 ? model.outputs : like.outputs,
      ...(like.like === undefined ? { like: undefined } : { like: like.like }),
    } as Model
  }
  return model
}
