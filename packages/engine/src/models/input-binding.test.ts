import { describe, expect, test } from 'vitest'
import { bindInputs } from './input-binding.ts'
import { bindOutput } from './output-binding.ts'
import type { Dimension, TensorInfo } from './signature.ts'

const info = (
  name: string,
  shape: readonly Dimension[] | undefined,
  type: TensorInfo['type'] = 'float',
): TensorInfo => ({
  name,
  type,
  typeName: type ?? 'float16',
  shape,
})
const bind = (inputs: readonly TensorInfo[], columns: readonly string[]) => bindInputs({ inputs, outputs: [] }, columns)
const refused = (words: string) => ({
  ok: false,
  error: expect.objectContaining({ code: 'engine/model-inputs-mismatch', message: expect.stringContaining(words) }),
})

describe('bindInputs', () => {
  test('per column by name, in the order of the model; [N] and [N, 1]', () => {
    expect(bind([info('b', ['unknown'], 'int64'), info('a', ['unknown', 1])], ['a', 'b'])).toEqual({
      ok: true,
      value: {
        kind: 'per-column',
        batch: undefined,
        inputs: [
          { tensor: 'b', column: 'b', type: 'int64', flat: true },
          { tensor: 'a', column: 'a', type: 'float', flat: false },
        ],
      },
    })
  })

  test('one matrix, also of undeclared shape and of one column', () => {
    const matrix = (columns: string[]) => ({ kind: 'matrix', tensor: 'x', type: 'float', columns, batch: undefined })
    expect(bind([info('x', ['unknown', 2])], ['a', 'b'])).toEqual({ ok: true, value: matrix(['a', 'b']) })
    expect(bind([info('x', undefined)], ['a', 'b'])).toEqual({ ok: true, value: matrix(['a', 'b']) })
    expect(bind([info('x', ['unknown', 1])], ['a'])).toEqual({ ok: true, value: matrix(['a']) })
    // A column may be named like the tensor.
    expect(bind([info('x', ['unknown', 2])], ['x', 'b'])).toEqual({ ok: true, value: matrix(['x', 'b']) })
  })

  test('a mismatch is named, with both sides', () => {
    const a = info('a', ['unknown', 1])
    const b = info('b', ['unknown', 1])
    expect(bind([a, b], ['a'])).toEqual(refused('no column feeds the input "b"'))
    expect(bind([a, b], ['a', 'b', 'c'])).toEqual(refused('no input for the column "c"'))
    expect(bind([a, b], ['a', 'B'])).toEqual(
      refused('The model takes a: float[?, 1], b: float[?, 1]; the spec gives a, B'),
    )
    expect(bind([a, b], ['a', 'b', 'a'])).toEqual(refused('named twice'))
    expect(bind([a, info('b', ['unknown', 4])], ['a', 'b'])).toEqual(refused('takes 4 values a row'))
    expect(bind([a, info('b', ['unknown', 1, 1])], ['a', 'b'])).toEqual(refused('neither [N] nor [N, 1]'))
    expect(bind([a, { ...b, type: undefined, typeName: 'float16' }], ['a', 'b'])).toEqual(
      refused(
        'the input "b" has the type float16, which no column is written as: let the model begin with a float input and a Cast to it',
      ),
    )
    const half = { ...info('x', ['unknown', 2]), type: undefined, typeName: 'float16' }
    expect(bind([half], ['a', 'b'])).toEqual(refused('the input "x" has the type float16'))
    expect(bind([info('x', ['unknown', 3])], ['a', 'b'])).toEqual(refused('takes 3 columns, the spec lists 2'))
    expect(bind([info('x', ['unknown', 3, 224])], ['a', 'b'])).toEqual(refused('not a matrix [N, 2]'))
    expect(bind([info('a', [4, 1]), info('b', [8, 1])], ['a', 'b'])).toEqual(refused('fixes its rows to 8'))
    expect(bind([], ['a'])).toEqual(refused('The model takes nothing'))
    expect(bind([a], [])).toEqual(refused('the spec gives nothing'))
  })
})

test('bindOutput takes the tensor of the same name, or the named column', () => {
  const outputs = [info('risk', ['unknown', 1]), info('p', ['unknown', 2]), info('open', undefined)]
  const find = (request: Parameters<typeof bindOutput>[1]) => bindOutput({ inputs: [], outputs }, request)
  expect(find({ name: 'risk' })).toMatchObject({
    ok: true,
    value: { tensor: 'risk', index: 0, indexed: false, width: 1 },
  })
  expect(find({ name: 'risk', tensor: 'p', index: 1 })).toMatchObject({
    ok: true,
    value: { tensor: 'p', index: 1, width: 2 },
  })
  expect(find({ name: 'open', index: 3 })).toMatchObject({ ok: true, value: { index: 3, width: undefined } })
  for (const index of [-1, 2, 0.5, Number.NaN]) expect(find({ name: 'p', index }).ok).toBe(false)
})
