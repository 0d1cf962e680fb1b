import type { GuardPlan } from '@plumbline/guard'
import type { InferRequest } from './infer-request.ts'
import { DATATYPE_CELLS, type FormCell, jsonForm, TEXT } from './json-form.ts'
import type { ReadForm } from './known-forms.ts'
import type { Fields } from './set-field.ts'
import { isObject } from './tensors.ts'

const LONGEST_ID = 256

/**
 * The form of a request of one row that `parseJson` and `readInfer` have read in full from this text: its id and its
 * cells vary, all the rest is as it is. Undefined where it has cells that no form reads.
 */
export function requestForm(
  text: string,
  body: unknown,
  { rows, outputs }: InferRequest,
  plan: GuardPlan,
): ReadForm<InferRequest> | undefined {
  if (rows.length !== 1 || !isObject(body)) return undefined
  const inputs = body['inputs'] as readonly { name: string; shape: readonly number[]; datatype: string }[]
  const names = inputs.flatMap(({ name, shape }) =>
    (shape[1] ?? 1) === 1 ? [name] : plan.inputs.map((each) => each.name),
  )
  // What every object inherits is set in another way; binary data is in no JSON.
  if (names.includes('__proto__') || inputs.some((tensor) => !('data' in tensor))) return undefined
  const read = jsonForm(text, body, ([member, k, part, i, j]): FormCell | undefined => {
    if (member === 'id' && k === undefined) return TEXT
    if (member !== 'inputs' || part !== 'data' || i === undefined) return undefined
    const { datatype, data } = inputs[k as number] as unknown as { datatype: string; data: readonly unknown[] }
    return Array.isArray(data[0]) === (j !== undefined) ? DATATYPE_CELLS.get(datatype) : undefined
  })
  if (read === undefined) return undefined
  const blank: Fields = Object.fromEntries(names.map((name) => [name, null]))
  const keys = Object.keys(body)
  const idAt = !('id' in body) ? -1 : keys.indexOf('id') < keys.indexOf('inputs') ? 0 : names.length
  const first = idAt === 0 ? 1 : 0
  return (given) => {
    const cells = read(given)
    if (cells === undefined) return undefined
    const row = { ...blank }
    for (let i = 0; i < names.length; i++) row[names[i] as string] = cells[first + i]
    if (idAt < 0) return { rows: [row], outputs }
    const id = cells[idAt]
    // The full reader says what is wrong with it.
    return typeof id === 'string' && id.length <= LONGEST_ID && id.isWellFormed()
      ? { rows: [row], outputs, id }
      : undefined
  }
}
