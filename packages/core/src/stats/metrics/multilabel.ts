import { ratioOf } from './confusion.ts'
import { type Weights, weightedMean, weightOf } from './weights.ts'

/** Labels of a row: by label, whether it applies and whether it was answered (1 or 0), and then by row. */
export interface LabelSets {
  readonly labels: readonly ArrayLike<number>[]
  readonly answers: readonly ArrayLike<number>[]
  readonly rows: number
}

/** How the F1 of several labels is averaged: pooled, each label alike, or each row alike. */
export type LabelAverage = 'micro' | 'macro' | 'samples'

/**
 * F1 of several labels per row, as scikit-learn's f1_score. Micro pools all pairs of row and label; macro is undefined where a
 * label neither applies nor is answered anywhere; by samples a row without either counts 0.
 */
export function multilabelF1(average: LabelAverage, sets: LabelSets): (weights?: Weights) => number | undefined {
  if (average === 'samples') {
    const each = byRow(sets, (both, one) => (both + one === 0 ? 0 : (2 * both) / (2 * both + one)))
    return (weights) => weightedMean(each, weights)
  }
  return (weights) => {
    const ofLabels = sets.labels.map((_, label) => agreement(sets, label, weights))
    if (average === 'micro') {
      const sum = (part: 'both' | 'one') => ofLabels.reduce((total, each) => total + each[part], 0)
      return ratioOf(2 * sum('both'), 2 * sum('both') + sum('one'))
    }
    let sum = 0
    for (const { both, one } of ofLabels) {
      const value = ratioOf(2 * both, 2 * both + one)
      if (value === undefined) return undefined
      sum += value
    }
    return ratioOf(sum, ofLabels.length)
  }
}

/** Per row the share of labels that are wrong; its mean is the Hamming loss. */
export function hammingLosses(sets: LabelSets): Float64Array {
  return byRow(sets, (_, one) => one / sets.labels.length)
}

/** Per row 1 where all labels are right, else 0; its mean is the subset accuracy. */
export function exactSets(sets: LabelSets): Float64Array {
  return byRow(sets, (_, one) => (one === 0 ? 1 : 0))
}

/** A number of each row from how many labels are in both sets, and in just one. */
function byRow({ labels, answers, rows }: LabelSets, of: (both: number, one: number) => number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let [both, one] = [0, 0]
    for (const [i, label] of labels.entries()) {
      const [wanted, said] = [label[row] === 1, answers[i]?.[row] === 1]
      if (wanted && said) both++
      else if (wanted !== said) one++
    }
    return of(both, one)
  })
}

/** Rows where a label applies and was answered, and rows where just one is so. */
function agreement({ labels, answers, rows }: LabelSets, place: number, weights: Weights | undefined) {
  const [label, answer] = [labels[place], answers[place]]
  let [both, one] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const [wanted, said] = [label?.[row] === 1, answer?.[row] === 1]
    if (wanted && said) both += weightOf(weights, row)
    else if (wanted !== said) one += weightOf(weights, row)
  }
  return { both, one }
}
