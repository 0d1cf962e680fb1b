/** Boxes of images, true and predicted, by row: corners with x1 ≤ x2 and y1 ≤ y2 in any unit; classes and images by number. */
export interface Boxes {
  readonly image: ArrayLike<number>
  /** 1 for a true box, else a predicted one. */
  readonly truth: ArrayLike<number>
  readonly class: ArrayLike<number>
  readonly x1: ArrayLike<number>
  readonly y1: ArrayLike<number>
  readonly x2: ArrayLike<number>
  readonly y2: ArrayLike<number>
  /** Of predicted boxes; the greater, the surer. */
  readonly score: ArrayLike<number>
}

/** Predicted boxes of one class, best first, and how many true ones each image has, at one least overlap. */
interface Matched {
  readonly images: Uint32Array
  readonly right: Uint8Array
  readonly wanted: ReadonlyMap<number, number>
}

/** As COCO: at most so many predicted boxes of a class in an image count, the best. */
const MOST_IN_IMAGE = 100
/** Recalls at which the precision is read: 0, 0.01, … 1. */
const RECALLS = 101

/** Intersection over union of two boxes, by row; 0 where both are empty. */
export function boxOverlap({ x1, y1, x2, y2 }: Boxes, a: number, b: number): number {
  const side = (low: ArrayLike<number>, high: ArrayLike<number>): number =>
    Math.max(0, Math.min(high[a] as number, high[b] as number) - Math.max(low[a] as number, low[b] as number))
  const area = (of: number): number =>
    ((x2[of] as number) - (x1[of] as number)) * ((y2[of] as number) - (y1[of] as number))
  const shared = side(x1, x2) * side(y1, y2)
  const union = area(a) + area(b) - shared
  return union <= 0 ? 0 : shared / union
}

/**
 * Mean average precision over classes that have true boxes and the least overlaps given, as a function of how often each image counts;
 * `undefined` where no image counts that has one. As pycocotools: a predicted box takes the free true box that it overlaps most;
 * precision is made to fall, and read at 101 recalls. Boxes are matched once: resampling images only counts.
 */
export function meanAveragePrecision(
  boxes: Boxes,
  rows: ArrayLike<number>,
  overlaps: readonly number[],
): (imageWeights: ArrayLike<number>) => number | undefined {
  const matched = [...byClass(boxes, rows).values()].flatMap((own) =>
    overlaps.map((overlap) => matchClass(boxes, own, overlap)),
  )
  return (imageWeights) => {
    let sum = 0
    let counted = 0
    for (const each of matched) {
      const value = averagePrecisionOf(each, imageWeights)
      if (value === undefined) continue
      sum += value
      counted++
    }
    return counted === 0 ? undefined : sum / counted
  }
}

/** The least overlaps of the COCO mean: 0.50, 0.55, … 0.95. */
export const COCO_OVERLAPS: readonly number[] = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i)

interface OfClass {
  readonly truths: Map<number, number[]>
  readonly predicted: Map<number, number[]>
}

function byClass(boxes: Boxes, rows: ArrayLike<number>): Map<number, OfClass> {
  const found = new Map<number, OfClass>()
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const own = found.get(boxes.class[row] as number) ?? { truths: new Map(), predicted: new Map() }
    found.set(boxes.class[row] as number, own)
    const side = boxes.truth[row] === 1 ? own.truths : own.predicted
    const image = boxes.image[row] as number
    side.set(image, [...(side.get(image) ?? []), row])
  }
  return found
}

function matchClass(boxes: Boxes, { truths, predicted }: OfClass, overlap: number): Matched {
  const surest = (a: number, b: number): number => (boxes.score[b] as number) - (boxes.score[a] as number)
  const all: { readonly row: number; readonly image: number; readonly right: boolean }[] = []
  for (const [image, rows] of [...predicted].toSorted(([a], [b]) => a - b)) {
    const free = new Set(truths.get(image))
    for (const row of rows.toSorted(surest).slice(0, MOST_IN_IMAGE)) {
      const partner = bestPartner(boxes, row, free, overlap)
      if (partner !== undefined) free.delete(partner)
      all.push({ row, image, right: partner !== undefined })
    }
  }
  const ordered = all.toSorted((a, b) => surest(a.row, b.row))
  return {
    images: Uint32Array.from(ordered, ({ image }) => image),
    right: Uint8Array.from(ordered, ({ right }) => (right ? 1 : 0)),
    wanted: new Map([...truths].map(([image, rows]) => [image, rows.length])),
  }
}

function bestPartner(boxes: Boxes, row: number, free: ReadonlySet<number>, overlap: number): number | undefined {
  let least = Math.min(overlap, 1 - 1e-10)
  let best: number | undefined
  for (const other of free) {
    const found = boxOverlap(boxes, row, other)
    if (found < least) continue
    least = found
    best = other
  }
  return best
}

function averagePrecisionOf({ images, right, wanted }: Matched, weights: ArrayLike<number>): number | undefined {
  let total = 0
  for (const [image, boxes] of wanted) total += (weights[image] as number) * boxes
  if (total === 0) return undefined
  const recalls: number[] = []
  const precisions: number[] = []
  let [found, taken] = [0, 0]
  for (let i = 0; i < images.length; i++) {
    const weight = weights[images[i] as number] as number
    taken += weight
    if (right[i] !== 1 || weight === 0) continue
    found += weight
    recalls.push(found / total)
    precisions.push(found / taken)
  }
  for (let i = precisions.length - 2; i >= 0; i--)
    precisions[i] = Math.max(precisions[i] as number, precisions[i + 1] as number)
  let sum = 0
  let at = 0
  for (let step = 0; step < RECALLS; step++) {
    while (at < recalls.length && (recalls[at] as number) < step * 0.01) at++
    if (at === recalls.length) break
    sum += precisions[at] as number
  }
  return sum / RECALLS
}
