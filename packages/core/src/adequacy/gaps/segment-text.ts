import { columnText, doubleText, quoted } from '../../expr/print/text.ts'
import type { ProgramColumn } from '../../clause/program.ts'
import type { SegmentCondition } from '../../stats/segments/conditions.ts'

/** Conditions on declared columns as the condition of a slice. Values of a category are numbers of its declared ones. */
export function segmentText(conditions: readonly SegmentCondition[], columns: readonly ProgramColumn[]): string {
  return conditions
    .map((condition) => {
      const column = columns.find(({ name }) => name === condition.column)
      const name = columnText(condition.column)
      if (condition.op === 'missing') return `${name} == null`
      return `${name} ${condition.op} ${valueText(condition.value, column)}`
    })
    .join(' && ')
}

function valueText(value: number, column: ProgramColumn | undefined): string {
  const declared = column?.values?.[value]?.code
  if (column?.columnType === 'category') return typeof declared === 'string' ? quoted(declared) : String(declared)
  if (column?.columnType === 'boolean') return String(value === 1)
  return column?.columnType === 'integer' ? String(value) : doubleText(value)
}
