import { anyName, identifier, list, mapOf, record } from '../reader/collections.ts'
import { expression } from '../reader/expression.ts'
import { present, type Reader, transform } from '../reader/reader.ts'
import { choice, number, text, word } from '../reader/scalars.ts'
import type { Model, OutputSource } from '../spec.ts'
import { artifact } from './artifact.ts'
import { code, values } from './column.ts'
import { outputType } from './common.ts'
import { pixels } from './pixels.ts'
import { boundsInUnit, range } from './range.ts'

const outputs: Reader<ReadonlyMap<string, OutputSource>> = mapOf(
  anyName('an output'),
  record(
    'an output',
    {
      type: outputType,
      unit: word,
      range,
      values,
      says: text,
      class: code,
      tensor: word,
      index: number('an index from 0', { integer: true, atLeast: 0 }),
    },
    { required: ['type'] },
  ),
  (name, { values: read }, context) => {
    if (read.type === undefined) return undefined
    boundsInUnit(read.range, read.unit?.value, context)
    return {
      ...name,
      type: read.type,
      ...present({
        unit: read.unit,
        range: read.range,
        values: read.values,
        says: read.says?.value,
        class: read.class,
        tensor: read.tensor,
        index: read.index?.value,
      }),
    }
  },
)

const input = transform(
  record("'input'", { from: word, columns: list(word), pixels }, { required: ['from', 'columns'] }),
  ({ values: read, span }) =>
    read.from && read.columns && { span, from: read.from, columns: read.columns, ...present({ pixels: read.pixels }) },
)

/** `models`: roles (champion, challenger) and models of their own name. */
export const modelsSection: Reader<ReadonlyMap<string, Model>> = mapOf(
  identifier('a model'),
  record('a model', {
    artifact,
    like: word,
    task: choice('a task', ['binary-classification', 'multiclass-classification', 'regression'] as const),
    input,
    outputs,
    label: word,
    decision: expression,
  }),
  (name, { values: read, entries }) => {
    if (entries.has('input') && read.input === undefined) return undefined
    return {
      ...name,
      outputs: read.outputs ?? new Map(),
      ...read.artifact,
      ...present({
        like: read.like,
        task: read.task,
        input: read.input,
        label: read.label,
        decision: read.decision,
      }),
    }
  },
)
