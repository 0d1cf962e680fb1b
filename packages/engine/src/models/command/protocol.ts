import type { ProgramColumn } from '@plumbline/core'
import type { Batch, BatchAnswer } from '../asked/batched-runner.ts'
import { jsonCell } from '../asked/cells.ts'
import { failure, type Outcome, success } from '../outcome.ts'

/** The version of what is said, in the first line. */
const PROTOCOL = 1

/** The first line: what will be given, and what is wanted. */
export function greeting(
  inputs: readonly Pick<ProgramColumn, 'name' | 'columnType'>[],
  outputs: readonly ProgramColumn[],
): unknown {
  return {
    plumbline: PROTOCOL,
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
export function readGreeting(answer: unknown): Outcome<Readonly<Record<string, string>>> {
  if (!isRecord(answer)) return unexpected('a JSON object in answer to the first line')
  if (typeof answer['error'] === 'string')
    return failure('engine/model-load-failed', `The program could not open the model: ${answer['error']}`)
  if (answer['plumbline'] !== PROTOCOL) return unexpected(`{"plumbline": ${PROTOCOL}, …} in answer to the first line`)
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

/** One batch, by column. */
export function question(id: number, { rows, columns }: Batch): unknown {
  return {
    id,
    rows,
    columns: Object.fromEntries([...columns].map(([name, cells]) => [name, cells.map(jsonCell)])),
  }
}

/** The answer to the batch `id`. Errors: `engine/model-protocol`, `engine/model-run-failed`. */
export function readAnswer(answer: unknown, id: number, rows: number, bytes: number): Outcome<BatchAnswer> {
  if (!isRecord(answer) || answer['id'] !== id) return unexpected(`an object with "id": ${id}`)
  if (typeof answer['error'] === 'string')
    return failure('engine/model-run-failed', `The model failed: ${answer['error'].slice(0, 500)}`)
  const outputs = answer['outputs']
  if (!isRecord(outputs)) return unexpected('"outputs", an object of lists')
  const lists = new Map<string, readonly unknown[]>()
  for (const [name, values] of Object.entries(outputs)) {
    if (!Array.isArray(values)) return unexpected(`a list under "outputs" for "${name}"`)
    lists.set(name, values)
  }
  const errors = new Map<number, string>()
  if (isRecord(answer['errors']))
    for (const [row, why] of Object.entries(answer['errors'])) {
      if (!/^\d+$/.test(row) || Number(row) >= rows) return unexpected(`rows from 0 to ${rows - 1} under "errors"`)
      errors.set(Number(row), String(why).slice(0, 500))
    }
  return success({ outputs: lists, errors, bytes })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unexpected(wanted: string): Outcome<never> {
  return failure('engine/model-protocol', `The program did not keep to the protocol: ${wanted} was expected.`)
}
