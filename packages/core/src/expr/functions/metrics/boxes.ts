import { type Aggregate, metric } from '../aggregate.ts'

const COLUMNS =
  'Columns of boxes, true and predicted: image, whether the box is a true one, class, x1, y1, x2, y2 (corners), score. As pycocotools.'
const BOX = Array.from({ length: 8 }, () => 'column' as const)

/** Metrics of boxes in images. */
export const boxMetrics = {
  detection_map: metric(
    'boxes',
    'bca',
    'higher',
    [0, 1],
    `Mean average precision over classes and least overlaps (IoU) of 0.50, 0.55, … 0.95. ${COLUMNS}`,
    { args: BOX },
  ),
  detection_map_at: metric(
    'boxes',
    'bca',
    'higher',
    [0, 1],
    `Mean average precision over classes at one least overlap (IoU), the first argument. ${COLUMNS}`,
    { args: ['value', ...BOX] },
  ),
} as const satisfies Record<string, Aggregate>
