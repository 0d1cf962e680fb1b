import { badFallback, unknownName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { ScalarKind } from '../../expr/type.ts'
import type { Guard } from '../../language/spec.ts'
import type { Span } from '../../source/span.ts'
import type { NamedModel, Names } from '../names/names.ts'
import type { Rule } from './rule.ts'

type Fallback = NonNullable<Guard['fallback']>

/** What the guard falls back to exists, and answers what the champion answers. */
export const guardFallbackRule: Rule = {
  name: 'guard-fallback',
  run: (spec, names, report) => {
    const { guard } = spec
    if (guard === undefined) return
    const complain = (span: Span, problem: string, fix: string): void =>
      report(diagnose(badFallback, span, { problem, fix }))
    const { fallback } = guard
    if (fallback === undefined || (fallback.model === undefined && fallback.value === undefined)) {
      const asked = [guard.input, guard.output].find((action) => action?.value === 'fallback')
      if (asked !== undefined)
        complain(asked.span, 'it has no `fallback`', 'Add `fallback: { model: … }` or `fallback: { value: { … } }`.')
      return
    }
    const champion = names.models.get('champion')
    if (champion === undefined)
      return complain(fallback.span, 'there is no champion to fall back from', 'Declare `models.champion`.')
    if (fallback.model !== undefined && fallback.value !== undefined)
      return complain(fallback.span, 'it names both a model and a value', 'Keep one of them.')
    if (fallback.model !== undefined) checkModel(names, champion, fallback.model, report, complain)
    else if (fallback.value !== undefined) checkValue(champion, fallback.span, fallback.value, report, complain)
  },
}

type Report = Parameters<Rule['run']>[2]
type Complain = (span: Span, problem: string, fix: string) => void

function checkModel(
  names: Names,
  champion: NamedModel,
  model: NonNullable<Fallback['model']>,
  report: Report,
  complain: Complain,
): void {
  const other = names.models.get(model.value)
  const known = [...names.models.keys()].filter((name) => name !== 'champion' && name !== 'challenger')
  if (other === undefined) {
    const near = nearestName(model.value, known)
    return report(diagnose(unknownName, model.span, { what: 'model', name: model.value, near, known }))
  }
  if (!known.includes(model.value))
    return complain(model.span, `\`${model.value}\` is the model it stands in front of`, 'Name another model.')
  const unread = other.input.find((column) => !champion.input.includes(column))
  if (unread !== undefined)
    complain(
      model.span,
      `\`${model.value}\` reads \`${unread}\`, which is no input of the champion`,
      `Add \`${unread}\` to the inputs of the champion, or name another model.`,
    )
  const unanswered = [...champion.outputs.values()].find(
    (output) => other.outputs.get(output.name)?.type.kind !== output.type.kind,
  )
  if (unanswered !== undefined)
    complain(
      model.span,
      `\`${model.value}\` has no output \`${unanswered.name}\` of the type ${unanswered.columnType}`,
      'Name a model with the outputs of the champion.',
    )
}

const FITS: Readonly<Record<ScalarKind, (value: number | string | boolean) => boolean>> = {
  int: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  timestamp: (value) => typeof value === 'string',
  duration: () => false,
}

function checkValue(
  champion: NamedModel,
  span: Span,
  values: NonNullable<Fallback['value']>,
  report: Report,
  complain: Complain,
): void {
  const known = [...champion.outputs.keys()]
  for (const [name, value] of values) {
    const output = champion.outputs.get(name)
    if (output === undefined) {
      const near = nearestName(name, known)
      report(diagnose(unknownName, value.span, { what: 'output', name, near, known }))
    } else if (!FITS[output.type.kind as ScalarKind](value.value))
      complain(value.span, `the value of \`${name}\` is no ${output.columnType}`, `Write a ${output.columnType}.`)
  }
  const unanswered = known.find((name) => !values.has(name))
  if (unanswered !== undefined)
    complain(span, `it has no value for the output \`${unanswered}\``, `Add \`${unanswered}: …\` to \`value\`.`)
}
