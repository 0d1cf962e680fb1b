/** Where a table says what, by the names of its columns. */
export interface RequirementColumns {
  readonly id: number
  readonly says: number
  readonly text?: number
  readonly source?: number
  readonly owner?: number
}

const NAMES = {
  id: ['id', 'req id', 'requirement id', 'key', 'identifier', 'nr', 'no'],
  says: ['says', 'title', 'summary', 'name', 'requirement', 'text', 'statement', 'description'],
  text: ['text', 'statement', 'description', 'requirement'],
  source: ['source', 'origin', 'reference'],
  owner: ['owner', 'responsible', 'author'],
} as const

/** The columns of a header that are read; undefined where it has no id, or nothing that says something. */
export function requirementColumns(header: readonly string[]): RequirementColumns | undefined {
  const names = header.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, ' '),
  )
  const at = (known: readonly string[], except?: number): number | undefined => {
    const place = known.map((name) => names.findIndex((each, i) => each === name && i !== except)).find((i) => i >= 0)
    return place
  }
  const id = at(NAMES.id)
  const says = at(NAMES.says, id)
  if (id === undefined || says === undefined) return undefined
  const text = at(NAMES.text, says)
  const source = at(NAMES.source)
  const owner = at(NAMES.owner)
  return {
    id,
    says,
    ...(text === undefined ? {} : { text }),
    ...(source === undefined ? {} : { source }),
    ...(owner === undefined ? {} : { owner }),
  }
}

/** The words of a cell, or nothing for an empty one. */
export function cellAt(row: readonly string[], place: number | undefined): string | undefined {
  const cell = place === undefined ? undefined : row[place]?.trim()
  return cell === '' ? undefined : cell
}
