import type { Located } from '../../source/span.ts'
import { list, record } from '../reader/collections.ts'
import { present, type Reader, transform } from '../reader/reader.ts'
import { choice, number } from '../reader/scalars.ts'
import type { Pixels } from '../spec-models.ts'

const side = number('a number of pixels', { integer: true, atLeast: 1, atMost: 4096 })

/** `pixels` of a model's input: how images become numbers. */
export const pixels: Reader<Located<Pixels>> = transform(
  record(
    "'pixels'",
    {
      width: side,
      height: side,
      channels: number('1 (grey) or 3 (colours)', { integer: true, atLeast: 1, atMost: 3 }),
      layout: choice('an order', ['chw', 'hwc'] as const),
      range: list(number('a number')),
      mean: list(number('a number')),
      stddev: list(number('a number')),
    },
    { required: ['width', 'height'] },
  ),
  ({ values: read, span }): Located<Pixels> | undefined => {
    if (read.width === undefined || read.height === undefined) return undefined
    const [low = 0, high = 255] = (read.range ?? []).map(({ value }) => value)
    const numbers = (each: typeof read.mean) => each?.map(({ value }) => value)
    return {
      span,
      value: {
        width: read.width.value,
        height: read.height.value,
        channels: read.channels?.value === 1 ? 1 : 3,
        layout: read.layout?.value ?? 'chw',
        range: [low, high],
        ...present({ mean: numbers(read.mean), stddev: numbers(read.stddev) }),
      },
    }
  },
)
