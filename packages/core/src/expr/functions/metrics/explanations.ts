import { type Aggregate, metric } from '../aggregate.ts'

const PAIRS = 'Columns in pairs: the attribution of a feature, and that of the same feature made again.'

/** How far explanations can be relied on: a column holds the attribution of one feature, whoever made it. */
export const explanationMetrics = {
  attribution_stability: metric(
    'columns',
    'bca',
    'higher',
    [-1, 1],
    `Mean over rows of the cosine of the angle between two attributions of all features: 1 where they are the same up to a factor. Two of nothing but zeros are the same; one of them is like no other (0). ${PAIRS}`,
    { args: ['column', 'column'], variadic: true },
  ),
  attribution_top_overlap: metric(
    'columns',
    'bca',
    'higher',
    [0, 1],
    `Mean over rows of the share of the k features with the largest absolute attribution (the first argument) that are among those k in both; of equal ones the first named. ${PAIRS}`,
    { args: ['value', 'column', 'column'], variadic: true },
  ),
  attribution_share: metric(
    'columns',
    'bca',
    'higher',
    [0, 1],
    'Share of all absolute attributions, over all rows, that the first k of the columns named have (the first argument: how many features are allowed to explain); undefined where all are 0.',
    { args: ['value', 'column', 'column'], variadic: true, namesNoModel: true },
  ),
  surrogate_r2: metric(
    'columns',
    'bca',
    'higher',
    [-Infinity, 1],
    'How much of the variance of the answer (the first column) a surrogate (the second) explains: fidelity, as R² with the answer in the place of the label.',
    { args: ['column', 'column'] },
  ),
} as const satisfies Record<string, Aggregate>
