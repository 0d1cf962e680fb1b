import type { CommandFormat, ProgramColumn } from '@plumbline/core'
import type { Batch, BatchAnswer } from '../asked/batched-runner.ts'
import { jsonCell } from '../asked/cells.ts'
import { failure, type Outcome, success } from '../outcome.ts'
import type { ArrowBatches } from './arrow.ts'
import type { Answer, Said } from './conversation.ts'

/** The version of what is said, in the first line. */
const PROTOCOL = 1

/** The first line: what will be given, and what is wanted; `format` where it is not JSON lines. */
export function greeting(
  inputs: readonly Pick<ProgramColumn, 'name' | 'columnType'>[],
  outputs: readonly ProgramColumn[],
  format: CommandFormat,
): unknown {
  return {
    plumbline: PROTOCOL,
    ...(format === 'json-lines' ? {} : { format }),
    inputs: inputs.map(({ name, columnType }) => ({ name, type: columnType })),
    outputs: outputs.map(({ name, columnType, tensor, index }) => ({
      name,
      type: columnType,
      ...(tensor === undefined ? {} : { tensor }),
      ...(index === undefined ? {} : { index }),
    })),
  }
}

/** What a program says of itself in answer: versions of what it runs, as texts. Errors: `engine/model-protocol`, `engine/model-load-failed`. */
export function readGreeting(answer: unknown, format: CommandFormat): Outcome<Readonly<Record<string, string>>> {
  if (!isRecord(answer)) return unexpected('a JSON object in answer to the first line')
  if (typeof answer['error'] === 'string')
    return failure('engine/model-load-failed', `The program could not open the model: ${answer['error']}`)
  if (answer['plumbline'] !== PROTOCOL) return unexpected(`{"plumbline": ${PROTOCOL}, …} in answer to the first line`)
  // Who does not repeat the format would take the bytes of a batch for a line.
  if (format !== 'json-lines' && answer['format'] !== format)
    return failure(
      'engine/model-protocol',
      `The program does not speak ${format}: {"plumbline": ${PROTOCOL}, "format": "${format}", …} was expected in answer to the first line. Leave \`format\` out for JSON lines.`,
    )
  const says = isRecord(answer['says']) ? answer['says'] : {}
  return success(
    Object.fromEntries(
      Object.entries(says)
        .filter(([, value]) => typeof value === 'string')
        .slice(0, 32)
        .map(([key, value]) => [key.slice(0, 80), String(value).slice(0, 200)]),
    ),
  )
}

/** One batch, by column: in the line, or as an Arrow IPC stream behind it. */
export function question(id: number, batch: Batch, arrow: ArrowBatches | undefined): Said {
  const { rows } = batch
  if (arrow !== undefined) {
    const attached = arrow.encode(batch)
    return { value: { id, rows, arrow: attached.length }, attached }
  }
  const columns = [...batch.columns].map(([name, cells]) => [name, cells.map(jsonCell)])
  return { value: { id, rows, columns: Object.fromEntries(columns) } }
}

/** The answer to the batch `id`. Errors: `engine/model-protocol`, `engine/model-run-failed`. */
export function readAnswer(
  { value: answer, attached, bytes }: Answer,
  id: number,
  rows: number,
  arrow: ArrowBatches | undefined,
): Outcome<BatchAnswer> {
  if (!isRecord(answer) || answer['id'] !== id) return unexpected(`an object with "id": ${id}`)
  if (typeof answer['error'] === 'string')
    return failure('engine/model-run-failed', `The model failed: ${answer['error'].slice(0, 500)}`)
  const lists = arrow === undefined ? listsOf(answer['outputs']) : arrowLists(arrow, attached, rows)
  if (!lists.ok) return lists
  const errors = new Map<number, string>()
  const failed = answer['errors'] ?? {}
  // Read as none, rows without an answer would pass for answered.
  if (!isRecord(failed)) return unexpected('"errors", an object from rows (from 0) to reasons,')
  for (const [row, why] of Object.entries(failed)) {
    if (!/^\d+$/.test(row) || Number(row) >= rows) return unexpected(`rows from 0 to ${rows - 1} under "errors"`)
    errors.set(Number(row), String(why).slice(0, 500))
  }
  return success({ outputs: lists.value, errors, bytes })
}

function listsOf(outputs: unknown): Outcome<BatchAnswer['outputs']> {
  if (!isRecord(outputs)) return unexpected('"outputs", an object of lists')
  const lists = new Map<string, readonly unknown[]>()
  for (const [name, values] of Object.entries(outputs)) {
    if (!Array.isArray(values)) return unexpected(`a list under "outputs" for "${name}"`)
    lists.set(name, values)
  }
  return success(lists)
}

function arrowLists(
  arrow: ArrowBatches,
  attached: Uint8Array | undefined,
  rows: number,
): Outcome<BatchAnswer['outputs']> {
  return attached === undefined
    ? unexpected('"arrow", the number of bytes of an Arrow IPC stream behind the line,')
    : arrow.decode(attached, rows)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unexpected(wanted: string): Outcome<never> {
  return failure('engine/model-protocol', `The program did not keep to the protocol: ${wanted} was expected.`)
}
