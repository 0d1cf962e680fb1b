import { channelNotCompared } from '../../diagnostics/catalog/lint-evaluation.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { ClauseSource, Spec } from '../../language/spec.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, measured, names } from './asked.ts'

/** Names of columns that say by which way a row came, or who made or judged it (channel effects, ISO/IEC TS 4213 5.3). */
const CHANNEL =
  /^(?:channel|site|hospital|clinic|ward|branch|store|plant|factory|machine|device|scanner|camera|sensor|instrument|lab|laboratory|vendor|supplier|source_system|annotator|rater|label+er|reviewer|operator)(?:_(?:id|code|name|no|type))?$/

/** A column that by its name says where rows come from is looked at by some clause. */
export const channelNotComparedRule: Rule = {
  name: 'channel-not-compared',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const used = new Set([...found.models.values()].map(({ from }) => from))
    for (const dataset of [...spec.data.values()].filter(({ name }) => used.has(name)))
      for (const { name, nameSpan, role } of dataset.columns.values()) {
        const plain = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
        if (role !== undefined || !CHANNEL.test(plain.replaceAll(/[\s-]+/g, '_'))) continue
        if ([...spec.clauses.values()].some((clause) => compares(clause, name, spec))) continue
        const finding = diagnose(channelNotCompared, nameSpan, { column: name, dataset: dataset.name })
        report({ ...finding, subject: `${dataset.name}.${name}` })
      }
  },
}

/** By slices, by a slice whose condition names the column, or by a term such as `gap_across(site, …)` or `psi(site, …)`. */
function compares(clause: ClauseSource, column: string, { slices }: Spec): boolean {
  const conditions = clause.slices.map(({ value }) =>
    value.kind === 'by' ? value.column : (slices.get(value.name)?.text ?? ''),
  )
  return [...conditions, measured(clause)].some((text) => names(text, column))
}
