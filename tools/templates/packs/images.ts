import { createRandom, type Random } from '../../../packages/core/src/stats/prng.ts'
import { oneOf, within } from '../draw.ts'
import { softmaxModel } from '../linear-model.ts'
import type { Pack } from '../pack.ts'

const SIDE = 5
const PIXELS = Array.from({ length: SIDE * SIDE }, (_, i) => `p${i}`)
const MIDDLE = (SIDE - 1) / 2

/** Where each mark is light: a bar across, a bar down, a cross of the diagonals. */
const MARKS: readonly ((row: number, column: number) => boolean)[] = [
  (row) => row === MIDDLE,
  (_, column) => column === MIDDLE,
  (row, column) => row === column || row + column === SIDE - 1,
]
const CAMERAS = ['gate', 'yard'] as const

/** A mark seen by a camera: its light differs from image to image, and each pixel has noise. */
function seen(random: Random, mark: number): readonly number[] {
  const [dark, light] = [40 + random.int(30), 150 + random.int(70)]
  const isLight = MARKS[mark] ?? (() => false)
  return PIXELS.map((_, i) => {
    const level = isLight(Math.floor(i / SIDE), i % SIDE) ? light : dark
    return within(Math.round(level + 28 * random.normal()), 0, 255)
  })
}

interface Row {
  readonly outcome: number
  readonly split: string
  readonly pixels: readonly number[]
  readonly camera: string
}

function rows(): readonly Row[] {
  const random = createRandom('template', 'image-classification')
  return Array.from({ length: 2400 }, (_, i) => {
    const outcome = oneOf(random, [0, 0, 1, 1, 2] as const)
    // One image in thirty has the label of another mark.
    const shown = random.float() < 1 / 30 ? (outcome + 1) % MARKS.length : outcome
    return {
      outcome,
      split: i % 2 === 0 ? 'train' : 'test',
      pixels: seen(random, shown),
      camera: oneOf(random, CAMERAS),
    }
  })
}

/** Linear discriminants with one variance for all pixels: the mean image of each class is its weights. */
function model(learned: readonly Row[]): Uint8Array {
  const means = MARKS.map((_, mark) => {
    const own = learned.filter(({ outcome }) => outcome === mark)
    return PIXELS.map((_pixel, i) => own.reduce((sum, { pixels }) => sum + (pixels[i] ?? 0), 0) / own.length)
  })
  // Greater than the noise of a pixel, since light and noise go together in an image.
  const variance = 90 ** 2
  return softmaxModel({
    inputs: PIXELS.map((name) => ({ name, type: 'float' })),
    weights: PIXELS.map((_, i) => means.map((mean) => (mean[i] ?? 0) / variance)),
    intercepts: means.map((mean) => -mean.reduce((sum, value) => sum + value ** 2, 0) / (2 * variance)),
  })
}

function imagePack(): Pack {
  const drawn = rows()
  return {
    name: 'image-classification',
    rows: drawn.map(({ outcome, split, pixels, camera }, i) => ({
      id: i + 1,
      // Stands for a digest of the file: images that are the same have the same.
      image: pixels.map((pixel) => pixel.toString(16).padStart(2, '0')).join(''),
      ...Object.fromEntries(PIXELS.map((name, place) => [name, pixels[place] ?? 0])),
      camera,
      split,
      outcome,
    })),
    model: model(drawn.filter(({ split }) => split === 'train')),
  }
}

/** Images of 5 × 5 pixels of three marks, and linear discriminants learned from half of them. */
export const images: Pack = imagePack()
