import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { id, mapOf, record } from '../reader/collections.ts'
import { expression } from '../reader/expression.ts'
import type { Reader } from '../reader/reader.ts'
import { text } from '../reader/scalars.ts'
import type { Macro } from '../spec.ts'

/** `macros`: steps of the author's own for features, each with the condition it stands for. */
export const macrosSection: Reader<ReadonlyMap<string, Macro>> = mapOf(
  id('a macro'),
  record(
    'a macro',
    { step: text, every: expression, must: expression },
    { required: ['step'], schema: { oneOf: [{ required: ['every'] }, { required: ['must'] }] } },
  ),
  (name, { values, entries }, context): Macro | undefined => {
    const forms = (['every', 'must'] as const).filter((form) => entries.has(form))
    const [form] = forms
    if (form === undefined || forms.length > 1) {
      if (form === undefined)
        context.report(diagnose(catalog.noForm, name.nameSpan, { clause: name.name, known: ['every', 'must'] }))
      else context.report(diagnose(catalog.severalForms, name.nameSpan, { clause: name.name, forms }))
      return undefined
    }
    const condition = values[form]
    return condition && values.step && { ...name, step: values.step, form, condition }
  },
)
