import { unusedParam } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Spec } from '../../language/spec.ts'
import type { Rule } from '../rules/rule.ts'
import { names } from './asked.ts'

/** A parameter that is declared changes something. */
export const unusedParamRule: Rule = {
  name: 'unused-param',
  run: (spec, _found, report) => {
    if (spec.params.size === 0) return
    const text = restOf(spec)
    for (const [name, { span }] of spec.params)
      if (!names(text, name)) report({ ...diagnose(unusedParam, span, { param: name }), subject: name })
  },
}

/** Everything that the files say but the parameters themselves: a parameter may stand for a field, too. */
function restOf(spec: Spec): string {
  const content = spec.content()
  const files = typeof content === 'object' && content !== null && 'spec' in content ? content['spec'] : content
  return JSON.stringify({ files, features: content }, (key, value: unknown) => (key === 'params' ? undefined : value))
}
