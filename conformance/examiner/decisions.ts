/** What a decision makes of the rows of one group. */
export interface Cells {
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
}

/** Metrics by their definitions; NaN where they have no value. */
export const METRICS = {
  accuracy: ({ tp, fp, fn, tn }: Cells) => (tp + tn) / (tp + fp + fn + tn),
  precision: ({ tp, fp }: Cells) => tp / (tp + fp),
  recall: ({ tp, fn }: Cells) => tp / (tp + fn),
  specificity: ({ tn, fp }: Cells) => tn / (tn + fp),
  npv: ({ tn, fn }: Cells) => tn / (tn + fn),
  fpr: ({ tn, fp }: Cells) => fp / (tn + fp),
  fnr: ({ tp, fn }: Cells) => fn / (tp + fn),
  fdr: ({ tp, fp }: Cells) => fp / (tp + fp),
  jaccard: ({ tp, fp, fn }: Cells) => tp / (tp + fp + fn),
  f1: ({ tp, fp, fn }: Cells) => (2 * tp) / (2 * tp + fp + fn),
  balanced: ({ tp, fp, fn, tn }: Cells) => (tp / (tp + fn) + tn / (tn + fp)) / 2,
  rate: ({ tp, fp, fn, tn }: Cells) => (tp + fp) / (tp + fp + fn + tn),
  prevalence: ({ tp, fp, fn, tn }: Cells) => (tp + fn) / (tp + fp + fn + tn),
  mcc: ({ tp, fp, fn, tn }: Cells) => (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
  kappa: ({ tp, fp, fn, tn }: Cells) => (2 * (tp * tn - fp * fn)) / ((tp + fp) * (fp + tn) + (tp + fn) * (fn + tn)),
  cost: ({ tp, fp, fn, tn }: Cells) => (fp + 5 * fn) / (tp + fp + fn + tn),
} as const

/** The rows of two groups, and all of them. */
export interface Decision {
  readonly a: Cells
  readonly b: Cells
  readonly all: Cells
  readonly rows: (cells: Cells) => number
}

const added = (a: Cells, b: Cells): Cells => ({ tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn, tn: a.tn + b.tn })
const rows = ({ tp, fp, fn, tn }: Cells): number => tp + fp + fn + tn

const matrices = (counts: readonly number[]): readonly Cells[] =>
  counts.flatMap((tp) => counts.flatMap((fp) => counts.flatMap((fn) => counts.map((tn) => ({ tp, fp, fn, tn })))))
/** Of one group alone finer ones are tried. */
const FINE = matrices([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 18, 40])
const COARSE = matrices([0, 1, 2, 4, 8])
const NONE: Cells = { tp: 0, fp: 0, fn: 0, tn: 0 }

/** Whether some decision meets all conditions: of all rows in one group, or of two groups. */
export function someDecision(conditions: readonly ((decision: Decision) => boolean)[], divided: boolean): boolean {
  const isMet = (a: Cells, b: Cells): boolean => {
    const decision = { a, b, all: added(a, b), rows }
    return conditions.every((meets) => meets(decision))
  }
  if (!divided) return FINE.some((cells) => isMet(cells, NONE))
  return COARSE.some((a) => COARSE.some((b) => isMet(a, b)))
}
