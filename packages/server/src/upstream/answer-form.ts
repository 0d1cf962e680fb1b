import { BOOLEAN, type FormCell, jsonForm, NUMBER, TEXT } from '../protocol/json-form.ts'
import type { ReadForm } from '../protocol/known-forms.ts'
import { setField } from '../protocol/set-field.ts'
import type { ModelAnswer } from '../versions/model-version.ts'
import type { OutputPlace } from './signature.ts'

/** A tensor of an answer that was read in full, flat or in one list more. */
interface ReadTensor {
  readonly name?: unknown
  readonly data?: readonly unknown[]
}

/**
 * The form of an answer to one row that was read in full from this text: its id and its elements vary, all the rest is as
 * it is, the version included. Undefined where a list has lists in it that are deeper.
 */
export function answerForm(
  text: string,
  body: Readonly<Record<string, unknown>>,
  outputs: readonly OutputPlace[],
  version: string | undefined,
): ReadForm<ModelAnswer> | undefined {
  const tensors = body['outputs'] as readonly ReadTensor[]
  const flat = tensors.map((tensor) => flatData(tensor?.data))
  if (flat.includes(undefined)) return undefined
  const read = jsonForm(text, body, ([member, k, part, i, j]): FormCell | undefined => {
    if (member === 'id' && k === undefined) return TEXT
    if (member !== 'outputs' || part !== 'data' || i === undefined) return undefined
    const element = tensors[k as number]?.data?.[i as number]
    return Array.isArray(element) ? (j === undefined ? undefined : cellOf(element[j as number])) : cellOf(element)
  })
  if (read === undefined) return undefined
  const keys = Object.keys(body)
  let next = keys.includes('id') && keys.indexOf('id') < keys.indexOf('outputs') ? 1 : 0
  const begins = flat.map((data) => (next += data?.length ?? 0) - (data?.length ?? 0))
  const places = outputs.map(({ name, tensor, index = 0 }) => ({
    name,
    at: (begins[tensors.findIndex((each) => each?.name === tensor)] ?? 0) + index,
  }))
  return (given) => {
    const cells = read(given)
    if (cells === undefined) return undefined
    const row: Record<string, unknown> = {}
    for (const { name, at } of places) setField(row, name, cells[at])
    return version === undefined ? { rows: [row] } : { rows: [row], version }
  }
}

/** The elements of one row, in the order of the text. */
function flatData(data: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (!Array.isArray(data)) return undefined
  const flat = data.flat() as readonly unknown[]
  return flat.some((each) => typeof each === 'object' && each !== null) ? undefined : flat
}

function cellOf(element: unknown): FormCell {
  return typeof element === 'string' ? TEXT : typeof element === 'boolean' ? BOOLEAN : NUMBER
}
