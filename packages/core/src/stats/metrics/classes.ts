import { type Confusion, f1, precision, type Proportion, proportion, recall } from './confusion.ts'

/**
 * Confusion matrix of several classes, numbered from 0 in the order declared. Row and column `size` hold labels and answers that
 * nobody declared: such a row is wrong, whatever it says.
 */
export interface ClassMatrix {
  /** Number of declared classes. */
  readonly size: number
  /** (size + 1)² counts, by label and then by answer. */
  readonly counts: Float64Array
  /** Room for the sums of rows and columns, which a resample needs anew thousands of times; of no meaning by itself. */
  readonly sums?: { readonly labels: Float64Array; readonly answers: Float64Array }
}

/** An empty matrix of so many classes. */
export function classMatrix(size: number): ClassMatrix {
  return { size, counts: new Float64Array((size + 1) ** 2), sums: emptySums(size) }
}

const emptySums = (size: number) => ({ labels: new Float64Array(size + 1), answers: new Float64Array(size + 1) })

/** Counts a row; numbers from `size` on are undeclared. */
export function countClass({ size, counts }: ClassMatrix, label: number, answer: number, weight: number): void {
  ;(counts[Math.min(label, size) * (size + 1) + Math.min(answer, size)] as number) += weight
}

const at = ({ size, counts }: ClassMatrix, label: number, answer: number): number =>
  counts[label * (size + 1) + answer] as number

/** Rows by label and rows by answer, the undeclared last; all rows; right answers. */
function margins({ size, counts, sums }: ClassMatrix) {
  const { labels, answers } = sums ?? emptySums(size)
  labels.fill(0)
  answers.fill(0)
  let total = 0
  let right = 0
  let place = 0
  // Plain places instead of pairs, and nothing of what is empty: this runs once per resample.
  for (let label = 0; label <= size; label++)
    for (let answer = 0; answer <= size; answer++) {
      const count = counts[place++] as number
      if (count === 0) continue
      ;(labels[label] as number) += count
      ;(answers[answer] as number) += count
      total += count
      if (label === answer && label < size) right += count
    }
  return { labels, answers, total, right }
}

const quotient = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)

/** Share of rows answered with their class, as k of n. */
export function classAccuracy(matrix: ClassMatrix): Proportion {
  const { right, total } = margins(matrix)
  return { k: right, n: total }
}

/** Right answers among those that name a declared class (of rows: of those with a declared class). */
export function microProportion(of: 'answers' | 'labels', matrix: ClassMatrix): Proportion {
  const all = margins(matrix)
  return { k: all.right, n: all.total - (all[of][matrix.size] as number) }
}

/** F1 of all classes pooled: harmonic mean of the two {@link microProportion}s. */
export function microF1(matrix: ClassMatrix): number | undefined {
  const answers = microProportion('answers', matrix)
  const labels = microProportion('labels', matrix)
  return quotient(2 * answers.k, answers.n + labels.n)
}

/** Share of the rows of one class that are answered with another, as k of n. */
export function confusionShare(matrix: ClassMatrix, label: number, answer: number): Proportion {
  return { k: at(matrix, label, answer), n: margins(matrix).labels[label] as number }
}

/** One class against the rest. */
function againstRest(matrix: ClassMatrix, all: ReturnType<typeof margins>, of: number): Confusion {
  const truePositives = at(matrix, of, of)
  const falsePositives = (all.answers[of] as number) - truePositives
  const falseNegatives = (all.labels[of] as number) - truePositives
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives: all.total - truePositives - falsePositives - falseNegatives,
  }
}

const METRICS = {
  // A class that is never answered: nothing said of it is right, which scikit-learn counts as 0, too.
  precision: (c: Confusion) => (c.truePositives + c.falsePositives === 0 ? 0 : precision(c)),
  recall,
  f1,
  jaccard: (c: Confusion) => proportion('jaccard', c),
}

/** A metric of one class that can be averaged over classes. */
export type AveragedMetric = keyof typeof METRICS

/**
 * Mean of a metric over the declared classes, each alike (`macro`) or by its rows (`weighted`). Precision of a class never
 * answered counts 0; `undefined` where the macro mean needs a class without rows (recall) or one neither had nor answered (F1).
 * As scikit-learn's average='macro' and 'weighted' with `labels` = the declared classes, where that is defined.
 */
export function averagedMetric(
  metric: AveragedMetric,
  average: 'macro' | 'weighted',
  matrix: ClassMatrix,
): number | undefined {
  const all = margins(matrix)
  let sum = 0
  let weights = 0
  for (let of = 0; of < matrix.size; of++) {
    const weight = average === 'macro' ? 1 : (all.labels[of] as number)
    if (weight === 0) continue
    const value =
      metric === 'precision' && (all.labels[of] as number) + (all.answers[of] as number) === 0
        ? undefined
        : METRICS[metric](againstRest(matrix, all, of))
    if (value === undefined) return undefined
    sum += weight * value
    weights += weight
  }
  return quotient(sum, weights)
}

/** Mean recall over the declared classes; `undefined` unless each has rows. */
export function classBalancedAccuracy(matrix: ClassMatrix): number | undefined {
  return averagedMetric('recall', 'macro', matrix)
}

/**
 * Matthews correlation of several classes (R_K), in [−1, 1]; `undefined` where labels or answers are all alike. Source:
 * J. Gorodkin, Computational Biology and Chemistry 28 (2004).
 */
export function classMcc(matrix: ClassMatrix): number | undefined {
  const { labels, answers, total, right } = margins(matrix)
  const { shared, ofLabels, ofAnswers } = squares(matrix.size, labels, answers)
  const scale = Math.sqrt(total * total - ofLabels) * Math.sqrt(total * total - ofAnswers)
  return scale === 0 ? undefined : (right * total - shared) / scale
}

/** Cohen's kappa of several classes: agreement beyond chance, at most 1; `undefined` where chance alone agrees. */
export function classKappa(matrix: ClassMatrix): number | undefined {
  const { labels, answers, total, right } = margins(matrix)
  const { shared } = squares(matrix.size, labels, answers)
  const chance = shared / (total * total)
  return total === 0 || chance === 1 ? undefined : (right / total - chance) / (1 - chance)
}

/** Σ labels · answers (undeclared ones never agree), Σ labels², Σ answers². */
function squares(size: number, labels: Float64Array, answers: Float64Array) {
  let shared = 0
  let ofLabels = 0
  let ofAnswers = 0
  for (let of = 0; of <= size; of++) {
    const [label, answer] = [labels[of] as number, answers[of] as number]
    if (of < size) shared += label * answer
    ofLabels += label * label
    ofAnswers += answer * answer
  }
  return { shared, ofLabels, ofAnswers }
}
