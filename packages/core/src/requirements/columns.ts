/** Where a table says what, by the names of its columns. */
export interface RequirementColumns {
  readonly id: number
  readonly says: number
  readonly text?: number
  readonly source?: number
  readonly owner?: number
}

const list = (names: string): readonly string[] => names.split(', ')

/** Names of columns as specs and common trackers have them, the better ones first. */
const NAMES = {
  id: list(
    'id, req id, requirement id, object identifier, work item id, issue key, key, identifier, requirement nr, requirement no, nr, no, number, requirement',
  ),
  says: list('says, title, summary, name, requirement, requirement text, text, object text, statement, description'),
  text: list('text, requirement text, object text, statement, description, requirement'),
  source: list('source, origin, reference'),
  owner: list('owner, responsible, assignee, author'),
}

/** The columns of a header that are read; undefined where it has no id, or nothing that says something. */
export function requirementColumns(header: readonly string[]): RequirementColumns | undefined {
  const names = header.map((name) =>
    name
      .toLowerCase()
      .replace(/[\s_.:-]+/g, ' ')
      .trim(),
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
