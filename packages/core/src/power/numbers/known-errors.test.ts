import { describe, expect, it } from 'vitest'
import { bootstrap } from '../../stats/bootstrap.ts'
import { type Boxes, meanAveragePrecision } from '../../stats/metrics/detection.ts'
import { multilabelF1 } from '../../stats/metrics/multilabel.ts'
import { oneVersusRestEstimate } from '../../stats/metrics/one-versus-rest.ts'
import { createRandom } from '../../stats/prng.ts'
import { rowPopulation } from '../../stats/resample.ts'
import { knownErrorOf } from '../known-error-of.ts'
import { boxesError } from './boxes.ts'
import { meanAreaError } from './mean-areas.ts'
import { normalBeyond } from './normal-effect.ts'
import { scaleBeyond } from './scale.ts'

const random = createRandom('plumbline', 'known errors test')

const shareOf = (trials: number, isShown: () => boolean): number =>
  Array.from({ length: trials }, isShown).filter(Boolean).length / trials

function lowOf(units: number, evaluate: (counts?: Uint32Array) => number | undefined, replicates = 199): number {
  const found = bootstrap(
    { populations: [rowPopulation(units)], random, replicates },
    { evaluate, range: { low: 0, high: 1 } },
  )
  return found.kind === 'estimate' ? found.interval(0.95).low : -1
}

/** By halving, where a number that falls with its argument has a value. */
function where(value: number, of: (at: number) => number, most: number): number {
  let [low, high] = [0, most]
  for (let i = 0; i < 14; i++) {
    const middle = (low + high) / 2
    if (of(middle) > value) low = middle
    else high = middle
  }
  return low
}

describe('the mean of the areas of several classes', () => {
  it('is shown at least four times in five where it is detectable', () => {
    const sizes = [80, 50, 30]
    const labels = sizes.flatMap((own, label) => Array.from({ length: own }, () => label))
    const bound = 0.75
    const detectable = normalBeyond(meanAreaError(sizes, labels.length, 'macro'), bound, true, 0.95) ?? Number.NaN
    const draw = (blur: number, rows: readonly number[]) =>
      sizes.map((_, of) => Float64Array.from(rows, (label) => (label === of ? 1 : 0) + blur * random.normal()))
    const times = Array.from({ length: 40 }, () => labels).flat()
    const valueAt = (blur: number): number => {
      const found = oneVersusRestEstimate('macro', times, draw(blur, times))
      return found.kind === 'estimate' ? found.value : 0
    }
    const blur = where(detectable, valueAt, 5)
    const shown = shareOf(100, () => {
      const found = oneVersusRestEstimate('macro', labels, draw(blur, labels))
      return found.kind === 'estimate' && found.interval(0.95).low >= bound
    })
    expect(shown, String(shown)).toBeGreaterThanOrEqual(0.78)
  })
})

describe('mean average precision of boxes', () => {
  /** Images with 1 to 4 true boxes of two classes each; a box is found with a chance that its image has, with some false ones. */
  function drawImages(images: number, found: number) {
    const rows: [number, number, number, number, number][] = []
    for (let image = 0; image < images; image++) {
      const own = Math.min(1, Math.max(0, found + 0.3 * (random.float() - 0.5)))
      for (const ofClass of [0, 1]) {
        const boxes = 1 + random.int(4)
        for (let box = 0; box < boxes; box++) {
          rows.push([image, 1, ofClass, 10 * box, 0])
          if (random.float() < own) rows.push([image, 0, ofClass, 10 * box, 0.3 + 0.7 * random.float()])
        }
        if (random.float() < 0.5) rows.push([image, 0, ofClass, 90, 0.8 * random.float()])
      }
    }
    const column = (of: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(rows, (row) => row[of])
    const left = column(3)
    const boxes: Boxes = {
      image: column(0),
      truth: column(1),
      class: column(2),
      x1: left,
      y1: left.map(() => 0),
      x2: left.map((x) => x + 5),
      y2: left.map(() => 5),
      score: column(4),
    }
    const counts = [0, 1].map((ofClass) => {
      const own = rows.filter((row) => row[1] === 1 && row[2] === ofClass)
      const each = Map.groupBy(own, ([image]) => image)
      return { boxes: own.length, images: each.size, largest: Math.max(...[...each.values()].map((of) => of.length)) }
    })
    const metric = meanAveragePrecision(
      boxes,
      Uint32Array.from(rows, (_, i) => i),
      [0.5],
    )
    return { metric, counts, value: metric(new Uint32Array(images).fill(1)) ?? 0 }
  }

  it.each([
    [80, 0.5],
    [200, 0.6],
  ])('of %i images is shown to be %d at least four times in five where it is detectable', (images, bound) => {
    const detectable = normalBeyond(boxesError(drawImages(images, 0.7).counts), bound, true, 0.95) ?? Number.NaN
    const missed = where(detectable, (miss) => drawImages(1500, 1 - miss).value, 0.7)
    const shown = shareOf(60, () => {
      const { metric } = drawImages(images, 1 - missed)
      return lowOf(images, (counts) => metric(counts ?? new Uint32Array(images).fill(1))) >= bound
    })
    expect(shown, String(shown)).toBeGreaterThanOrEqual(0.78)
  })
})

describe('F1 of several labels of a row', () => {
  it.each(['micro', 'macro'] as const)(
    '(%s) is shown at least four times in five where it is detectable',
    (average) => {
      const [rows, shares, bound] = [300, [0.5, 0.3, 0.2], 0.7]
      const draw = (n: number, wrong: number) => {
        const labels = shares.map((share) => Uint8Array.from({ length: n }, () => (random.float() < share ? 1 : 0)))
        // Labels of a row are wrong together as often as not.
        const together = Array.from({ length: n }, () => random.float())
        const answers = labels.map((label) =>
          label.map((is, row) => {
            const at = random.float() < 0.5 ? (together[row] as number) : random.float()
            return at < (is === 1 ? wrong : wrong / 3) ? 1 - is : is
          }),
        )
        return { sets: { labels, answers, rows: n }, labels }
      }
      const { labels } = draw(rows, 0)
      const names = ['a', 'b', 'c']
      const trues = new Map(names.map((name, i) => [name, labels[i]?.reduce((sum, is) => sum + is, 0) ?? 0]))
      const fn = `multilabel_f1_${average}` as const
      const args = names.flatMap((name) =>
        [name, `${name}_said`].map((column) => ({ kind: 'column', name: column }) as const),
      )
      const term = { fn, args, type: { kind: 'double' }, expression: fn, estimates: 'population' } as const
      const known = knownErrorOf(term, { rows, trues })
      if (typeof known === 'string') throw new Error(known)
      const detectable = normalBeyond(known, bound, true, 0.95) ?? Number.NaN
      const wrong = where(detectable, (at) => multilabelF1(average, draw(20_000, at).sets)() ?? 0, 0.6)
      const shown = shareOf(60, () => lowOf(rows, multilabelF1(average, draw(rows, wrong).sets)) >= bound)
      expect(shown, String(shown)).toBeGreaterThanOrEqual(0.78)
    },
  )
})

describe('standard deviation and variance of normal numbers', () => {
  it.each([
    ['stddev', 100, true],
    ['stddev', 100, false],
    ['variance', 300, true],
    ['variance', 300, false],
  ] as const)('%s of %i rows is shown where detectable (at least: %s)', (of, rows, isLeast) => {
    const detectable = scaleBeyond(of, rows, 4, isLeast, 0.95) ?? Number.NaN
    const deviation = of === 'stddev' ? detectable : Math.sqrt(detectable)
    const shown = shareOf(200, () => {
      const numbers = Float64Array.from({ length: rows }, () => deviation * random.normal())
      const found = bootstrap(
        { populations: [rowPopulation(rows)], random, replicates: 399 },
        {
          evaluate: (counts) => {
            let [n, sum, squares] = [0, 0, 0]
            for (const [i, number] of numbers.entries()) {
              const weight = counts?.[i] ?? 1
              n += weight
              sum += weight * number
              squares += weight * number * number
            }
            const variance = (squares - (sum * sum) / n) / (n - 1)
            return of === 'stddev' ? Math.sqrt(variance) : variance
          },
        },
      )
      if (found.kind !== 'estimate') return false
      const { low, high } = found.interval(0.95)
      return isLeast ? low >= 4 : high <= 4
    })
    expect(Math.abs(shown - 0.8), String(shown)).toBeLessThan(0.12)
  })
})
