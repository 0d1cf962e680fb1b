import {
  formatInDatabase,
  imagesInDatabase,
  notForType,
  twoLabels,
  unknownName,
} from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { ProgramColumn } from '../../clause/program.ts'
import type { Dataset, Spec } from '../../language/spec.ts'
import type { NamedDataset } from './names.ts'
import { resolveColumn } from './columns.ts'
import { engineOf } from './engines.ts'

/** Resolves every dataset: column types, key, label. */
export function resolveDatasets(spec: Spec, report: (d: Diagnostic) => void): ReadonlyMap<string, NamedDataset> {
  const datasets = new Map<string, NamedDataset>()
  for (const [name, source] of spec.data)
    datasets.set(name, resolveDataset(spec, source, labelsNamed(spec, name), report))
  return datasets
}

/** Columns that a model on the dataset names as its label: they are labels, whether or not the column says so. */
function labelsNamed(spec: Spec, dataset: string): ReadonlySet<string> {
  return new Set(
    [...spec.models.values()].flatMap((model) => {
      const from = (model.input ?? spec.models.get(model.like?.value ?? '')?.input)?.from.value
      return model.label !== undefined && from === dataset ? [model.label.value] : []
    }),
  )
}

function resolveDataset(
  spec: Spec,
  source: Dataset,
  labels: ReadonlySet<string>,
  report: (d: Diagnostic) => void,
): NamedDataset {
  const known = [...source.columns.keys()]
  const check = (name: string, span: Dataset['span']): boolean => {
    if (source.columns.has(name)) return true
    report(diagnose(unknownName, span, { what: 'column', name, near: nearestName(name, known), known }))
    return false
  }
  const key = source.key.filter((k) => check(k.value, k.span)).map((k) => k.value)
  for (const { value, span } of source.key) {
    const type = source.columns.get(value)?.type.value
    if (type === 'list' || type === 'image') report(diagnose(notForType, span, { key: `key: ${value}`, type }))
  }
  if (source.time !== undefined) check(source.time.value, source.time.span)
  const columns = new Map<string, ProgramColumn>()
  let label: string | undefined
  for (const [name, column] of source.columns) {
    if (column.type.value === 'image' && 'engine' in source.source.value)
      report(diagnose(imagesInDatabase, column.type.span, { column: name }))
    const role = key.includes(name) ? 'key' : (column.role?.value ?? (labels.has(name) ? 'label' : undefined))
    if (column.role?.value === 'key' && !key.includes(name)) key.push(name)
    columns.set(name, resolveColumn(column, role, report))
    if (column.format !== undefined && 'engine' in source.source.value)
      report(diagnose(formatInDatabase, column.format.span, { column: name }))
    if (column.role?.value !== 'label') continue
    if (label !== undefined) {
      const related = [
        { message: `the role of \`${label}\``, span: source.columns.get(label)?.nameSpan ?? column.nameSpan },
      ]
      report(diagnose(twoLabels, column.role.span, { first: label, second: name }, related))
    }
    label = name
  }
  const engine = engineOf(spec, source, report)
  return {
    source,
    columns,
    key,
    ...(label === undefined ? {} : { label }),
    ...(engine === undefined ? {} : { engine }),
  }
}
