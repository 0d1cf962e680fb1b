import { aggregates, unlabelled } from '@plumbline/core'
import type { MetricOfModel } from './metric-term.ts'

/**
 * What is wrong with the labels of metrics of two classes, in words; undefined where each that is there is 1 (positive) or 0. Labels coded
 * 1 and 2, or amounts, would be counted as positive and negative without a word.
 */
export function badLabels(labels: Float64Array, metrics: readonly MetricOfModel[]): string | undefined {
  const reader = metrics.find(readsTwoClasses)
  if (reader === undefined) return undefined
  const other = labels.find((label) => label !== 0 && label !== 1 && !Number.isNaN(label))
  if (other === undefined) return undefined
  return (
    `${reader.term.expression} reads labels that are 1 (positive) or 0 (negative); one is ${other}. ` +
    'Write the label as true and false, or declare it a category with its `values`.'
  )
}

function readsTwoClasses({ term, classes, ofClass }: MetricOfModel): boolean {
  const { needs } = aggregates[term.fn]
  return (
    (needs === 'decision' || needs === 'score') && classes === 0 && ofClass === undefined && !unlabelled.has(term.fn)
  )
}
