import type { Program, ProgramColumn } from '@plumbline/core'

/** The relation of the data whose rows a relation has. */
export function dataOf({ relations }: Program, name: string): string | undefined {
  const found = relations.find((relation) => relation.name === name)
  if (found?.kind !== 'data' && found?.kind !== 'model') return undefined
  return found.split === undefined ? found.dataset : `${found.dataset}.${found.split}`
}

/** The label of a relation's rows, where it is a boolean. */
export function labelOf(program: Program, relation: string): ProgramColumn | undefined {
  const label = anyLabelOf(program, relation)
  return label?.type.kind === 'bool' ? label : undefined
}

/** The label of a relation's rows, where it is one of several declared classes. */
export function classLabelOf(program: Program, relation: string): ProgramColumn | undefined {
  const label = anyLabelOf(program, relation)
  return label?.columnType === 'category' && label.type.kind !== 'bool' ? label : undefined
}

function anyLabelOf({ datasets }: Program, relation: string): ProgramColumn | undefined {
  const dataset = datasets.find(({ name }) => relation === name || relation.startsWith(`${name}.`))
  return dataset?.columns.find(({ name }) => name === dataset.label)
}
