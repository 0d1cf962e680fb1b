import type { Program, ProgramColumn } from '@plumbline/core'

/** The relation of the data whose rows a relation has. */
export function dataOf({ relations }: Program, name: string): string | undefined {
  const found = relations.find((relation) => relation.name === name)
  if (found?.kind !== 'data' && found?.kind !== 'model') return undefined
  return found.split === undefined ? found.dataset : `${found.dataset}.${found.split}`
}

/** The label of a relation's rows, where it is a boolean. */
export function labelOf(program: Program, relation: string): ProgramColumn | undefined {
  const label = labelColumnOf(program, relation)
  return label?.type.kind === 'bool' ? label : undefined
}

/** The label of a relation's rows, where it is one of several declared classes. */
export function classLabelOf(program: Program, relation: string): ProgramColumn | undefined {
  const label = labelColumnOf(program, relation)
  return label?.columnType === 'category' && label.type.kind !== 'bool' ? label : undefined
}

/** The label of a relation's rows, whatever it is. */
export function labelColumnOf(program: Program, relation: string): ProgramColumn | undefined {
  const dataset = datasetOf(program, relation)
  return dataset?.columns.find(({ name }) => name === dataset.label)
}

/** The columns of a relation of the data. */
export const columnsOfData = (program: Program, relation: string): readonly ProgramColumn[] =>
  datasetOf(program, relation)?.columns ?? []

const datasetOf = ({ datasets }: Program, relation: string) =>
  datasets.find(({ name }) => relation === name || relation.startsWith(`${name}.`))
