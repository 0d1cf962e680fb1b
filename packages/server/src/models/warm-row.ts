import type { Program } from '@plumbline/core'
import type { Cell, GuardColumn, GuardPlan, Row } from '@plumbline/guard'

/** A row that the column contracts of a model's inputs allow: the first declared value, else the lower end of the range. */
export function warmRow(program: Program, plan: GuardPlan): Row {
  const model = program.models.find(({ name }) => name === plan.model)
  const columns = program.datasets.find(({ name }) => name === model?.from)?.columns ?? []
  return Object.fromEntries(
    plan.inputs.map((input) => {
      const column = columns.find(({ name }) => name === input.name)
      return [input.name, cell(input, column?.values?.[0]?.code ?? column?.low)]
    }),
  )
}

function cell({ kind }: GuardColumn, first: unknown): Cell {
  if (kind === 'string') return typeof first === 'string' ? first : ''
  if (kind === 'bool') return first === true
  return typeof first === 'number' || typeof first === 'string' ? Number(first) : 0
}
