import type { Cell, Row } from '@plumbline/guard'
import type { InputTensor, UpstreamSignature } from './signature.ts'

/** Rows as the body of a request; the id goes along, so that both logs can be joined. */
export type WriteRequest = (rows: readonly Row[], id: string) => string

/** Binds the writer of requests: what does not change from one to the next is text already. */
export function requestWriter({ inputs }: UpstreamSignature): WriteRequest {
  const writers = inputs.map(tensorWriter)
  const writeOne = rowWriter(inputs)
  return (rows, id) => {
    let text = `{"id":${JSON.stringify(id)},"inputs":[`
    const [only] = rows
    if (rows.length === 1 && only !== undefined) return `${text}${writeOne(only)}]}`
    for (const [i, write] of writers.entries()) text += (i === 0 ? '' : ',') + write(rows)
    return `${text}]}`
  }
}

/** The same for one row, as most requests have: all that is between two cells is one text. */
function rowWriter(inputs: readonly InputTensor[]): (row: Row) => string {
  const cells = inputs.flatMap(({ name, datatype, columns, flat }, k) => {
    const shape = flat ? '[1]' : `[1,${columns.length}]`
    const head = `{"name":${JSON.stringify(name)},"datatype":${JSON.stringify(datatype)},"shape":${shape},"data":[`
    const write = datatype === 'BOOL' ? boolText : cellText
    return columns.map((column, i) => ({
      name: column.name,
      before: i > 0 ? ',' : k > 0 ? `]},${head}` : head,
      write,
    }))
  })
  return (row) => {
    let text = ''
    for (const { name, before, write } of cells) text += before + write(row[name] ?? null)
    return `${text}]}`
  }
}

function tensorWriter({ name, datatype, columns, flat }: InputTensor): (rows: readonly Row[]) => string {
  const head = `{"name":${JSON.stringify(name)},"datatype":${JSON.stringify(datatype)},"shape":[`
  const width = flat ? '' : `,${columns.length}`
  const cell = datatype === 'BOOL' ? boolText : cellText
  return (rows) => {
    let text = `${head}${rows.length}${width}],"data":[`
    let first = true
    for (const row of rows)
      for (const column of columns) {
        if (!first) text += ','
        first = false
        text += cell(row[column.name] ?? null)
      }
    return `${text}]}`
  }
}

const boolText = (cell: Cell): string => (cell === null ? 'null' : cell === true ? 'true' : 'false')

/** JSON has no infinity: such a value is sent as missing, and the model says what it makes of that. */
function cellText(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? `${cell}` : 'null'
  if (typeof cell === 'boolean') return cell ? '1' : '0'
  return typeof cell === 'string' ? JSON.stringify(cell) : cell === null ? 'null' : `${cell}`
}
