import type { Clause, Counterexample, Measured } from '@plumbline/core'
import { counterexampleFields, counterexampleInputs, plainText } from '@plumbline/report'
import type { Style } from '../../terminal/style.ts'
import { clip } from './layout.ts'

const MOST_SAME = 6

/** A counterexample in few lines: what differs between its inputs, what they share, and what the model answered. */
export function counterexampleLines(
  clause: Clause | undefined,
  found: Counterexample,
  width: number,
  style: Style,
): readonly string[] {
  const forall = clause?.form === 'forall' ? clause : undefined
  const inputs = counterexampleInputs(forall, found)
  const records = inputs.flatMap(({ name, value }) =>
    typeof value === 'object' && value !== null ? [{ name, value }] : [],
  )
  const singles = inputs.flatMap(({ name, value }) =>
    typeof value === 'object' && value !== null ? [] : [`${name} = ${exact(value)}`],
  )
  const fields = counterexampleFields(forall, inputs)
  const valueOf = (name: string): string => exact(records[0]?.value[name] ?? null)
  const differing = fields
    .filter(({ differs }) => differs)
    .map(
      ({ name }) =>
        `${name}: ${records.map((record) => `${record.name} ${exact(record.value[name] ?? null)}`).join(', ')}`,
    )
  const same = fields.filter(({ differs }) => !differs).map(({ name }) => `${name} ${valueOf(name)}`)
  const more = same.length > MOST_SAME ? [`… ${same.length - MOST_SAME} more`] : []
  const lines = [
    ...[...differing, ...singles].map((line) => style.bold(clip(plainText(line), width))),
    ...(same.length === 0
      ? []
      : [style.dim(clip(plainText(`both: ${[...same.slice(0, MOST_SAME), ...more].join(', ')}`), width))]),
    ...found.answers.map(({ expression, value }) => clip(plainText(`${expression} = ${answer(value)}`), width)),
  ]
  return lines
}

function answer(value: Counterexample['answers'][number]['value']): string {
  if (typeof value !== 'object' || value === null) return exact(value)
  return Object.entries(value)
    .map(([name, cell]) => `${name} ${exact(cell)}`)
    .join(', ')
}

/** All digits: a violation may be in the last of them. */
function exact(value: Measured): string {
  return value === null ? 'missing' : String(value)
}
