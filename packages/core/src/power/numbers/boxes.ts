import type { KnownError } from './normal-effect.ts'

/** True boxes of the rows at hand. */
export interface BoxCount {
  readonly boxes: number
  /** Images with a true box. */
  readonly images: number
  /** True boxes of the image that has most. */
  readonly largest: number
}

/**
 * Images that vary as much as true boxes that are found or missed together in their image: N² / Σ n², which is at least N over the greatest n (L. Kish,
 * Survey Sampling (1965), section 8.2), and never more than there are.
 */
export const imagesAlike = ({ boxes, images, largest }: BoxCount): number =>
  Math.min(images, boxes / Math.max(1, largest))

/**
 * Mean average precision of boxes, as the share of true boxes that average precision is like (Boyd, Eng, Page 2013), whose boxes of an image go together
 * wholly, and so do classes and overlaps: √(θ (1 − θ) / images). Its mean over classes is concave in theirs, so the class in the fewest images counts. An
 * approximation: boxes where nothing is cost precision, too.
 */
export const boxesError = (classes: readonly BoxCount[]): KnownError => {
  const images = Math.min(...classes.map(imagesAlike))
  return {
    error: (value) => Math.sqrt((value * (1 - value)) / images),
    range: { low: 0, high: 1 },
    usual: 0.5,
    given: 'taken to vary as a share of the true boxes does, those of an image together',
    atMost: false,
  }
}
