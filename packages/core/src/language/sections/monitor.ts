import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { byKind, list, record } from '../reader/collections.ts'
import { present, type Reader, startOf, transform } from '../reader/reader.ts'
import { choice, duration, durationAtLeast, number, path, share, webAddress, word } from '../reader/scalars.ts'
import type { AlertSource, LabelsSource, Monitor } from '../spec-production.ts'
import { severity } from './common.ts'

const labels: Reader<LabelsSource> = transform(
  record(
    "'labels' of the monitor",
    { source: path, join: list(word, 'a column, or a list of them'), within: duration, min_share: share },
    { required: ['source', 'join', 'within'] },
  ),
  ({ values: { source, join, within, min_share: minShare }, span }) =>
    source && join && within && { span, source, join, within, ...present({ minShare }) },
)

const receiver = record('an alert', { webhook: webAddress, alertmanager: webAddress, severity, when: list(word) })

const alert: Reader<AlertSource> = byKind("'stdout', { webhook: … } or { alertmanager: … }", {
  scalar: transform(choice('a receiver of alerts', ['stdout'] as const), ({ value, span }) => ({ kind: value, span })),
  map: transform(receiver, ({ values, entries, span }, node, context): AlertSource | undefined => {
    const kinds = (['webhook', 'alertmanager'] as const).filter((kind) => entries.has(kind))
    const [kind, other] = kinds
    if (kind === undefined) {
      const parameters = { key: 'webhook', of: 'an alert', expects: webAddress.expects }
      context.report(diagnose(catalog.missingKey, startOf(node), parameters))
      return undefined
    }
    if (other !== undefined) {
      const place = entries.get(other)?.keyNode.span ?? span
      context.report(diagnose(catalog.severalReceivers, place, { kinds }))
      return undefined
    }
    const url = values[kind]
    return url && { span, kind, url, ...present({ severity: values.severity, when: values.when }) }
  }),
})

const monitor = record("the 'monitor' section", {
  windows: list(duration),
  lateness: durationAtLeast(0n),
  min_rows: number('a number of rows', { integer: true, atLeast: 0 }),
  labels,
  alerts: list(alert),
})

/** `monitor`: windows of production traffic, the labels that arrive later, and who is told. */
export const monitorSection: Reader<Monitor> = transform(monitor, ({ values, span, entries }, _node, context) => {
  const windows = entries.get('windows')
  if (values.windows?.length === 0 && windows !== undefined && windows.value.kind === 'list')
    context.report(
      diagnose(catalog.emptyValue, startOf(windows.value), { expects: 'at least one duration such as 1d' }),
    )
  return {
    span,
    windows: values.windows ?? [],
    alerts: values.alerts ?? [],
    ...present({ lateness: values.lateness, minRows: values.min_rows, labels: values.labels }),
  }
})
