import { isUtf8 } from 'node:buffer'
import { parseJson } from '@plumbline/guard'
import { knownForms } from '../protocol/known-forms.ts'
import { setField } from '../protocol/set-field.ts'
import type { ModelAnswer } from '../versions/model-version.ts'
import { answerForm } from './answer-form.ts'
import type { OutputPlace, UpstreamSignature } from './signature.ts'

/** The outputs of an answer as rows, or what is wrong with it. */
export type ReadAnswer = (body: Uint8Array, rows: number) => ModelAnswer | string

type Json = Readonly<Record<string, unknown>>
type Column = readonly unknown[]

const JSON_DEPTH = 16

/** Binds the reader of answers. Types of values are not judged here: the guard does that by the clauses of the spec. */
export function answerReader({ outputs }: UpstreamSignature): ReadAnswer {
  const forms = knownForms<ModelAnswer>()
  return (body, rows) => {
    if (!isUtf8(body)) return 'It is not UTF-8.'
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
    const known = rows === 1 ? forms.read(text) : undefined
    if (known !== undefined) return known
    const json = parseJson(text, { depth: JSON_DEPTH, length: text.length })
    if (!json.ok) return `It was not read as JSON: ${json.problem}.`
    const { value } = json
    if (!isObject(value) || !Array.isArray(value['outputs'])) return 'It has no `outputs`.'
    const columns: Column[] = []
    for (const place of outputs) {
      const column = readColumn(place, value['outputs'], rows)
      if (typeof column === 'string') return column
      columns.push(column)
    }
    const { model_version: version } = value
    const answered = Array.from({ length: rows }, (_, i) => rowOf(outputs, columns, i))
    const answer: ModelAnswer =
      typeof version === 'string' && version.length <= 256 ? { rows: answered, version } : { rows: answered }
    if (rows === 1) forms.learn(() => answerForm(text, value, outputs, answer.version))
    return answer
  }
}

function rowOf(outputs: readonly OutputPlace[], columns: readonly Column[], i: number): object {
  const row: Record<string, unknown> = {}
  for (let k = 0; k < outputs.length; k++) setField(row, outputs[k]?.name ?? '', columns[k]?.[i])
  return row
}

function readColumn({ name, tensor, index }: OutputPlace, outputs: readonly unknown[], rows: number): Column | string {
  let found = 0
  let only: Json = {}
  for (const each of outputs)
    if (isObject(each) && each['name'] === tensor) {
      found++
      only = each
    }
  if (found !== 1) return `It has ${found} outputs "${tensor}" for "${name}".`
  const { shape, data } = only
  const dims = Array.isArray(shape) ? (shape as readonly unknown[]) : []
  const width = dims.length === 1 ? 1 : dims[1]
  if (dims.length < 1 || dims.length > 2 || dims[0] !== rows || !Number.isSafeInteger(width) || Number(width) < 1)
    return `Its output "${tensor}" has the shape ${JSON.stringify(shape)?.slice(0, 64)} for ${rows} rows.`
  if (!Array.isArray(data)) return `Its output "${tensor}" has no \`data\`.`
  const flat: readonly unknown[] = data.some((each) => Array.isArray(each)) ? data.flat(2) : data
  const wide = Number(width)
  if (flat.length !== rows * wide) return `Its output "${tensor}" has ${flat.length} values and not ${rows * wide}.`
  if (index === undefined && wide !== 1)
    return `Its output "${tensor}" has ${wide} columns, and "${name}" says not which.`
  if (index !== undefined && index >= wide) return `Its output "${tensor}" has no column ${index} for "${name}".`
  return wide === 1 ? flat : Array.from({ length: rows }, (_, i) => flat[i * wide + (index ?? 0)])
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
