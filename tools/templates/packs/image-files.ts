import { createRandom, type Random } from '../../../packages/core/src/stats/prng.ts'
import { buildOnnx, tensor } from '../../../packages/engine/src/proofs/testing/build-onnx.ts'
import { oneOf, within } from '../draw.ts'
import { greyPng } from '../../../packages/engine/src/images/testing/grey-png.ts'

const SIDE = 16
/** Of a mark, and of the windows in which the network looks for one. */
const MARK = 8

/** Where each mark is light: a bar across, a bar down, a cross of the diagonals; two pixels wide. */
const MARKS: readonly ((row: number, column: number) => boolean)[] = [
  (row) => row === 3 || row === 4,
  (_, column) => column === 3 || column === 4,
  (row, column) => Math.abs(row - column) < 2 || Math.abs(row + column - (MARK - 1)) < 2,
]
const CAMERAS = ['gate', 'yard'] as const

/** A mark somewhere in the picture of a camera: its light differs from picture to picture, and each pixel has noise. */
function seen(random: Random, mark: number, camera: string): readonly number[] {
  const isLight = MARKS[mark] ?? (() => false)
  const dark = 40 + random.int(30)
  const light = dark + (camera === 'yard' ? 70 : 90) + random.int(60)
  const [top, left] = [random.int(SIDE - MARK + 1), random.int(SIDE - MARK + 1)]
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE) - top, (i % SIDE) - left]
    const inside = row >= 0 && row < MARK && column >= 0 && column < MARK
    return within(Math.round((inside && isLight(row, column) ? light : dark) + 14 * random.normal()), 0, 255)
  })
}

/** A row of the pack; `pixels` is what its file holds. */
interface Row {
  readonly id: number
  readonly image: Uint8Array
  readonly pixels: readonly number[]
  readonly camera: string
  readonly split: string
  readonly outcome: number
}

function rows(): readonly Row[] {
  const random = createRandom('template', 'image-files')
  return Array.from({ length: 1000 }, (_, i) => {
    const outcome = oneOf(random, [0, 0, 1, 1, 2] as const)
    const camera = oneOf(random, CAMERAS)
    // One picture in thirty has the label of another mark.
    const pixels = seen(random, random.float() < 1 / 30 ? (outcome + 1) % MARKS.length : outcome, camera)
    return { id: i + 1, image: greyPng(SIDE, pixels), pixels, camera, split: i % 2 === 0 ? 'train' : 'test', outcome }
  })
}

/** The mark less its mean, so that light alone finds nothing. */
const filters: readonly (readonly number[])[] = MARKS.map((isLight) => {
  const plain = Array.from({ length: MARK * MARK }, (_, i) => (isLight(Math.floor(i / MARK), i % MARK) ? 1 : 0))
  const mean = plain.reduce<number>((sum, each) => sum + each, 0) / plain.length
  const length = Math.sqrt(plain.reduce<number>((sum, each) => sum + (each - mean) ** 2, 0))
  return plain.map((each) => (each - mean) / length)
})

/** How well each mark fits where it fits best: what the network sees before it decides. */
function features(pixels: readonly number[]): readonly number[] {
  const places = SIDE - MARK + 1
  return filters.map((filter) => {
    let best = -Infinity
    for (let place = 0; place < places * places; place++) {
      const [top, left] = [Math.floor(place / places), place % places]
      const fit = filter.reduce(
        (sum, weight, i) =>
          sum + (weight * (pixels[(top + Math.floor(i / MARK)) * SIDE + left + (i % MARK)] ?? 0)) / 255,
        0,
      )
      best = Math.max(best, fit)
    }
    return best
  })
}

/** Each pixel as the mean of itself and those around it. */
function blurred(pixels: readonly number[]): readonly number[] {
  return pixels.map((_, i) => {
    const around = [-1, 0, 1].flatMap((down) =>
      [-1, 0, 1].flatMap((right) => {
        const [row, column] = [Math.floor(i / SIDE) + down, (i % SIDE) + right]
        return row < 0 || row >= SIDE || column < 0 || column >= SIDE ? [] : [pixels[row * SIDE + column] ?? 0]
      }),
    )
    return around.reduce((sum, each) => sum + each, 0) / around.length
  })
}

/** Multinomial logistic regression by plain gradient descent, weights pulled a little to zero; the last of each class's weights is its intercept. */
function learned(
  train: readonly { readonly seen: readonly number[]; readonly outcome: number }[],
): readonly number[][] {
  const weights = MARKS.map(() => [0, 0, 0, 0])
  for (let step = 0; step < 2000; step++) {
    const slopes = MARKS.map(() => [0, 0, 0, 0])
    for (const { seen: fits, outcome } of train) {
      const inputs = [...fits, 1]
      const powers = weights.map((each) =>
        Math.exp(each.reduce((sum, weight, i) => sum + weight * (inputs[i] ?? 0), 0)),
      )
      const total = powers.reduce((sum, each) => sum + each, 0)
      for (const [mark, slope] of slopes.entries())
        for (const [i, input] of inputs.entries())
          slope[i] = (slope[i] ?? 0) + ((powers[mark] ?? 0) / total - (mark === outcome ? 1 : 0)) * input
    }
    for (const [mark, own] of weights.entries())
      for (const [i, weight] of own.entries())
        own[i] = weight - 1.0 * ((slopes[mark]?.[i] ?? 0) / train.length + 0.0005 * weight)
  }
  return weights
}

/** A small network: three filters as wide as a mark, the best fit of each anywhere in the picture, and a decision over the three. */
function network(train: readonly Row[]): Uint8Array {
  // Each picture is learned from out of focus, too: a mark that is blurred fits every filter worse.
  const weights = learned(
    train.flatMap(({ pixels, outcome }) =>
      [pixels, blurred(pixels)].map((each) => ({ seen: features(each), outcome })),
    ),
  )
  const classes = MARKS.length
  return buildOnnx({
    inputs: [{ name: 'pixels', type: 'float', shape: [null, 1, SIDE, SIDE] }],
    outputs: [
      { name: 'answer', type: 'int64', shape: [null, 1] },
      { name: 'probabilities', type: 'float', shape: [null, classes] },
    ],
    nodes: [
      { op: 'Conv', inputs: ['pixels', 'filters'], outputs: ['fits'] },
      { op: 'GlobalMaxPool', inputs: ['fits'], outputs: ['best'] },
      { op: 'Flatten', inputs: ['best'], outputs: ['features'] },
      { op: 'MatMul', inputs: ['features', 'weights'], outputs: ['weighted'] },
      { op: 'Add', inputs: ['weighted', 'intercepts'], outputs: ['sums'] },
      { op: 'ArgMax', inputs: ['sums'], outputs: ['answer'], attributes: { axis: 1n, keepdims: 1n } },
      { op: 'Softmax', inputs: ['sums'], outputs: ['probabilities'], attributes: { axis: 1n } },
    ],
    initializers: [
      tensor('filters', 'float', [classes, 1, MARK, MARK], filters.flat()),
      tensor(
        'weights',
        'float',
        [classes, classes],
        filters.flatMap((_, i) => weights.map((own) => own[i] ?? 0)),
      ),
      tensor(
        'intercepts',
        'float',
        [classes],
        weights.map((own) => own[classes] ?? 0),
      ),
    ],
  })
}

/** Pictures of 16 × 16 pixels with one of three marks somewhere in them, as PNG, and a small convolutional network learned from half of them. */
export function imageFiles(): { readonly rows: readonly Row[]; readonly model: Uint8Array } {
  const drawn = rows()
  return { rows: drawn, model: network(drawn.filter(({ split }) => split === 'train')) }
}
