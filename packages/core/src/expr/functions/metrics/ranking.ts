import { type Aggregate, metric } from '../aggregate.ts'

const order = (doc: string, more: Partial<Aggregate>): Aggregate => metric('order', 'bca', 'higher', [0, 1], doc, more)
const SKIPPED = 'Rows of equal score count as in a random order. Groups without a relevant row are left out.'

/** Metrics of an order within groups (the results of a query, the items offered to a user), averaged over the groups. */
export const rankingMetrics = {
  ndcg: order(
    `Normalised discounted cumulative gain of the first k rows of each group (the column), gain = label, discount log2. ${SKIPPED}`,
    { args: ['column', 'value'] },
  ),
  map: order(`Mean over groups (the column) of average precision; relevant = label above 0. ${SKIPPED}`, {
    args: ['column'],
  }),
  mrr: order(`Mean over groups (the column) of 1 / rank of the first relevant row. ${SKIPPED}`, { args: ['column'] }),
  precision_at: order(`Mean over groups (the column) of the relevant share of the first k rows. ${SKIPPED}`, {
    args: ['column', 'value'],
  }),
  recall_at: order(`Mean over groups (the column) of the share of relevant rows among the first k. ${SKIPPED}`, {
    args: ['column', 'value'],
  }),
  hit_rate_at: order(`Share of groups (the column) with a relevant row among the first k. ${SKIPPED}`, {
    args: ['column', 'value'],
  }),
} as const satisfies Record<string, Aggregate>
