import type { Cell, GuardPlan, Row } from '@plumbline/guard'
import { writeElements } from './binary-tensors.ts'
import type { AskedOutput } from './infer-request.ts'
import { DATATYPES, outputColumns } from './output-columns.ts'

/** The outputs of an answer: tensors for the JSON, and the bytes that come after it. */
export interface WrittenOutputs {
  readonly tensors: readonly object[]
  readonly tail: readonly Uint8Array[]
}

/**
 * Answered rows as tensors of shape [N]. A missing value is null in JSON and NaN in binary data; a tensor that is asked for
 * as binary data and has a missing value of another datatype is JSON all the same.
 */
export function writeOutputs(rows: readonly Row[], plan: GuardPlan, asked: readonly AskedOutput[]): WrittenOutputs {
  const columns = outputColumns(plan)
  const tensors: object[] = []
  const tail: Uint8Array[] = []
  for (const { name, binary } of asked) {
    const kind = columns.find((column) => column.name === name)?.kind ?? 'double'
    const cells = rows.map((row) => row[name] ?? null)
    const head = { name, shape: [rows.length], datatype: DATATYPES[kind] }
    const bytes = binary ? writeElements(kind, cells) : undefined
    if (bytes === undefined) tensors.push({ ...head, data: cells.map(jsonCell) })
    else {
      tail.push(bytes)
      tensors.push({ ...head, parameters: { binary_data_size: bytes.byteLength } })
    }
  }
  return { tensors, tail }
}

const jsonCell = (cell: Cell): Cell => (typeof cell === 'bigint' ? Number(cell) : cell)
