import { stats } from '@plumbline/core'
import { type MetricFamily, numberArgument, type TermRows } from './metric-family.ts'
import { type GroupsOfRows, rangeOf } from './metric-rows.ts'

/** Average precision of boxes; whole images are drawn. */
export function boxesFamily(terms: TermRows, images: GroupsOfRows): MetricFamily {
  const [, truth, ofClass, x1, y1, x2, y2, score] = terms.values
  const none = new Float64Array(0)
  const boxes: stats.Boxes = {
    image: images.of,
    truth: truth ?? none,
    class: ofClass ?? none,
    x1: x1 ?? none,
    y1: y1 ?? none,
    x2: x2 ?? none,
    y2: y2 ?? none,
    score: score ?? none,
  }
  const { fn } = terms.term
  const overlaps = fn === 'detection_map' ? stats.COCO_OVERLAPS : [numberArgument(terms.term)]
  const metric = stats.meanAveragePrecision(boxes, terms.rows, overlaps)
  return {
    population: images.population,
    statistic: { range: rangeOf(fn), evaluate: (counts) => metric(counts ?? images.population.sizes) },
  }
}
