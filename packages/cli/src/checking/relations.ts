import type { Program } from '@plumbline/core'

/** The relation of the data whose rows a relation has. */
export function dataOf({ relations }: Program, name: string): string | undefined {
  const found = relations.find((relation) => relation.name === name)
  if (found?.kind !== 'data' && found?.kind !== 'model') return undefined
  return found.split === undefined ? found.dataset : `${found.dataset}.${found.split}`
}

/** The label of a relation's rows, where it is a boolean. */
export function labelOf({ datasets }: Program, relation: string) {
  const dataset = datasets.find(({ name }) => relation === name || relation.startsWith(`${name}.`))
  const label = dataset?.columns.find(({ name }) => name === dataset.label)
  return label?.type.kind === 'bool' ? label : undefined
}
