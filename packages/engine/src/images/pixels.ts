import type { ProgramModel } from '@plumbline/core'
import type { JimpImage } from './jimp.ts'

/** How images of an input become numbers. */
export type Pixels = NonNullable<ProgramModel['pixels']>

/** How many numbers an image becomes. */
export const numbersOf = ({ width, height, channels }: Pixels): number => width * height * channels

/** The dimensions of an image in a tensor, in their order. */
export const dimensionsOf = ({ width, height, channels, layout }: Pixels): readonly number[] =>
  layout === 'chw' ? [channels, height, width] : [height, width, channels]

/** Luma of ITU-R BT.601, as most libraries make grey of colours. */
const GREY = [0.299, 0.587, 0.114] as const

/** The numbers of an image in the order of the tensor. Opacity is left out, as most libraries do; the image is resized in place. */
export function pixelNumbers(image: JimpImage, pixels: Pixels): Float64Array {
  const { width, height, channels, layout } = pixels
  if (image.bitmap.width !== width || image.bitmap.height !== height) image.resize({ w: width, h: height })
  const { data } = image.bitmap
  const numbers = new Float64Array(numbersOf(pixels))
  const area = width * height
  for (let pixel = 0; pixel < area; pixel++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 4, pixel * 4 + 3)
    const values = channels === 3 ? [red, green, blue] : [Math.round(GREY[0] * red + GREY[1] * green + GREY[2] * blue)]
    for (let channel = 0; channel < channels; channel++) {
      const at = layout === 'chw' ? channel * area + pixel : pixel * channels + channel
      numbers[at] = scaled(values[channel] ?? 0, channel, pixels)
    }
  }
  return numbers
}

function scaled(value: number, channel: number, { range: [low, high], mean, stddev }: Pixels): number {
  const of = (each: readonly number[] | undefined, otherwise: number): number =>
    each?.[channel] ?? each?.[0] ?? otherwise
  return (low + (value / 255) * (high - low) - of(mean, 0)) / of(stddev, 1)
}
