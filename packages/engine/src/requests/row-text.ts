import { type GuardOutcome, type LogColumns, OWN_COLUMNS, storedNames } from './columns.ts'

/** Cells by column name, as the guard gives them; what is absent is missing. */
export type LogCells = { readonly [column: string]: boolean | number | bigint | string | null | undefined }

/** One row of a request, as it is logged. */
export interface LoggedRow {
  /** Of the request; all rows of a batch share it. */
  readonly requestId: string
  /** Position in the batch, from 0. */
  readonly row: number
  /** When the request came, in microseconds since 1970 UTC. */
  readonly at: number
  /** Full digest of the version that answered; null if none did. */
  readonly model: string | null
  readonly guard: GuardOutcome
  /** Ids of the clauses behind the outcome. */
  readonly clauses: readonly string[]
  /** Keys and inputs. */
  readonly request: LogCells
  /** Outputs and `decision`; null where there was no answer. */
  readonly answer: LogCells | null
  /**
   * What came in place of cells whose type contract was violated, as text by column: these cells are missing otherwise,
   * and a batch could not say what the guard said of them.
   */
  readonly misfits?: Readonly<Record<string, string>>
}

/** Writes a row as one line of JSON, line end included. */
export type WriteRow = (row: LoggedRow) => string

/** One column with its place in the line. */
interface Field {
  readonly name: string
  readonly label: string
}

/**
 * A writer of lines for these columns. Missing cells are left out. Integers are exact to 64 bits, timestamps are whole
 * microseconds since 1970, and what JSON cannot say of a number is said in a way that reads back as the same float64:
 * `"Infinity"`, `-0.0`. NaN is missing, as everywhere. Half a surrogate pair, which no file can hold, becomes U+FFFD.
 */
export function rowWriter({ request, answer }: LogColumns): WriteRow {
  const own = OWN_COLUMNS.length
  const all = [...OWN_COLUMNS, ...request, ...answer]
  const names = storedNames(all.map(({ name }) => name))
  const fields = all.map(({ name }, i): Field => ({ name, label: `,${JSON.stringify(names[i])}:` }))
  const requestFields = fields.slice(own, own + request.length)
  const answerFields = fields.slice(own + request.length)
  let model: string | null = null
  let modelText = ''
  return (row) => {
    if (row.model !== model) {
      model = row.model
      modelText = model === null ? '' : `,"_model":${quoted(model)}`
    }
    let text = `{"_at":${row.at},"_request_id":${quoted(row.requestId)},"_row":${row.row}${modelText},"_guard":"${row.guard}"`
    if (row.clauses.length > 0) text += `,"_clauses":${quoted(listText(row.clauses))}`
    if (row.misfits !== undefined) text += `,"_misfits":${quoted(listText(row.misfits))}`
    text += cellsText(requestFields, row.request)
    if (row.answer !== null) text += cellsText(answerFields, row.answer)
    return `${text}}\n`
  }
}

function cellsText(fields: readonly Field[], cells: LogCells): string {
  let text = ''
  for (const { name, label } of fields) {
    const cell = cells[name]
    if (cell === null || cell === undefined) continue
    if (typeof cell === 'string') text += label + quoted(cell)
    else if (typeof cell !== 'number') text += label + cell
    // Only NaN differs from itself.
    else if (cell === cell) text += label + numberText(cell)
  }
  return text
}

function numberText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0'
  return value === Infinity ? '"Infinity"' : value === -Infinity ? '"-Infinity"' : `${value}`
}

/** JSON within JSON: what is replaced outside must be within, where it would stand as an escape. */
function listText(value: readonly string[] | Readonly<Record<string, string>>): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? each.toWellFormed() : each))
}

function quoted(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed())
}
