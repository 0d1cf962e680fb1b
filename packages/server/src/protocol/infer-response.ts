import type { Cell, CellKind, GuardPlan, Row } from '@plumbline/guard'
import { writeElements } from './binary-tensors.ts'
import type { AskedOutput } from './infer-request.ts'
import { DATATYPES, outputColumns } from './output-columns.ts'

/** What an answer says of itself. */
export interface AnsweredBy {
  readonly model: string
  readonly version: string | undefined
  readonly id: string | undefined
}

/** An answer: its JSON, and the bytes of binary tensors that come after it. */
export interface WrittenAnswer {
  readonly json: string
  readonly tail: readonly Uint8Array[]
}

/**
 * The body of an answer: rows as tensors of shape [N]. A missing value is null in JSON and NaN in binary data; a tensor that
 * is asked for as binary data and has a missing value of another datatype is JSON all the same. Integers are exact.
 */
export function writeAnswer(
  rows: readonly Row[],
  plan: GuardPlan,
  asked: readonly AskedOutput[],
  { model, version, id }: AnsweredBy,
): WrittenAnswer {
  const tail: Uint8Array[] = []
  let json = `{"model_name":${JSON.stringify(model)}`
  if (version !== undefined) json += `,"model_version":${JSON.stringify(version)}`
  if (id !== undefined) json += `,"id":${JSON.stringify(id)}`
  json += ',"outputs":['
  let first = true
  for (const { name, binary } of asked) {
    const kind = kindOf(name, plan)
    const bytes = binary
      ? writeElements(
          kind,
          rows.map((row) => row[name] ?? null),
        )
      : undefined
    if (!first) json += ','
    first = false
    json += `{"name":${JSON.stringify(name)},"shape":[${rows.length}],"datatype":"${DATATYPES[kind]}",`
    if (bytes === undefined) json += `"data":[${cellsText(rows, name)}]}`
    else {
      tail.push(bytes)
      json += `"parameters":{"binary_data_size":${bytes.byteLength}}}`
    }
  }
  return { json: `${json}]}`, tail }
}

function kindOf(name: string, plan: GuardPlan): CellKind {
  return outputColumns(plan).find((column) => column.name === name)?.kind ?? 'double'
}

function cellsText(rows: readonly Row[], name: string): string {
  let text = ''
  for (const row of rows) {
    if (text !== '') text += ','
    text += cellText(row[name] ?? null)
  }
  return text
}

/** JSON has no infinity and no NaN: they are missing there. */
function cellText(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? `${cell}` : 'null'
  return typeof cell === 'string' ? JSON.stringify(cell) : `${cell}`
}
