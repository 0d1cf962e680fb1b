import type { List, Value } from '@plumbline/core'

/** Why a database whose texts are UTF-8 cannot hold a cell. */
export function noUtf8(cell: Value): string | undefined {
  if (typeof cell === 'object' && 'list' in cell)
    return (cell as List).list.map(noUtf8).find((reason) => reason !== undefined)
  return typeof cell === 'string' && !cell.isWellFormed() ? 'a text with half a surrogate pair is no UTF-8' : undefined
}
