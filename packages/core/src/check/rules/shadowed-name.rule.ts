import { shadowedName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Spec } from '../../language/spec.ts'
import type { Span } from '../../source/span.ts'
import type { Names } from '../names/names.ts'
import type { Rule } from './rule.ts'

const BUILT_IN = new Map([
  ['requests', 'the built-in relation of production traffic'],
  ['system', 'the built-in event stream'],
  ['release', 'the built-in checks of a release'],
  ['columns', 'the built-in list of columns'],
  ['column', 'the variable of `max_over`'],
  ['row', 'the built-in name of the current row'],
  ['decision', 'the built-in decision of a model'],
])

interface Taken {
  readonly what: string
  readonly span?: Span
}

/**
 * One name, one meaning: datasets, models, slices, parameters and built-ins share a namespace; columns, outputs and bound
 * variables must take none of theirs, and a bound variable no other's and no column's of the inputs it stands beside.
 */
export const shadowedNameRule: Rule = {
  name: 'shadowed-name',
  run: (spec, names, report) => {
    const seen = new Map<string, Taken>([...BUILT_IN].map(([name, what]) => [name, { what }]))
    const refuse = (name: string, first: Taken, what: string, span: Span): void => {
      const related = first.span === undefined ? [] : [{ message: `${first.what} is declared here`, span: first.span }]
      report(diagnose(shadowedName, span, { name, first: first.what, second: what }, related))
    }
    const claim = (name: string, what: string, span: Span): void => {
      const first = seen.get(name)
      if (first === undefined) seen.set(name, { what, span })
      else refuse(name, first, what, span)
    }
    const beside = (name: string, what: string, span: Span): void => {
      const first = seen.get(name)
      if (first !== undefined) refuse(name, first, what, span)
    }
    for (const [name, d] of spec.data) claim(name, `the dataset \`${name}\``, d.nameSpan)
    for (const [name, m] of spec.models) claim(name, `the model \`${name}\``, m.nameSpan)
    for (const [name, e] of spec.slices) claim(name, `the slice \`${name}\``, e.span)
    for (const [name, p] of spec.params) claim(name, `the parameter \`${name}\``, p.span)
    for (const dataset of spec.data.values()) {
      for (const [name, column] of dataset.columns) beside(name, `the column \`${name}\``, column.nameSpan)
    }
    for (const model of spec.models.values()) {
      for (const [name, output] of model.outputs) beside(name, `the output \`${name}\``, output.nameSpan)
    }
    for (const { body, of } of spec.clauses.values()) {
      if (body.form !== 'forall') continue
      const bound = new Map<string, Taken>()
      const fields = fieldsBeside(
        [...of.map((o) => o.value), ...[...body.binders.values()].map((b) => b.text)],
        spec,
        names,
      )
      for (const [name, { span }] of [...body.binders, ...body.let]) {
        const what = `the bound variable \`${name}\``
        const first = bound.get(name) ?? seen.get(name) ?? fields.get(name)
        if (first === undefined) bound.set(name, { what, span })
        else refuse(name, first, what, span)
      }
    }
  },
}

/** Columns of the datasets that a `forall` ranges over, and the outputs of its model. */
function fieldsBeside(texts: readonly string[], spec: Spec, names: Names): ReadonlyMap<string, Taken> {
  const fields = new Map<string, Taken>()
  // `accounts`, `accounts.rows`, `near(accounts.rows, 5%)`, `accounts.columns.sex`
  const owners = new Set(texts.map((text) => /^\s*(?:near\(\s*)?(\w+)/.exec(text)?.[1] ?? ''))
  for (const owner of owners) {
    for (const [name, column] of spec.data.get(owner)?.columns ?? [])
      fields.set(name, { what: `the column \`${name}\``, span: column.nameSpan })
    for (const name of names.models.get(owner)?.outputs.keys() ?? [])
      fields.set(name, { what: `an output of \`${owner}\`` })
  }
  return fields
}
