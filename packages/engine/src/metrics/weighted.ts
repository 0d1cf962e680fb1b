import { stats } from '@plumbline/core'
import type { MetricFamily } from './metric-family.ts'
import type { MetricKinds } from './metric-rows.ts'

/**
 * A metric whose rows count by a weight of their own. Rows are drawn alike and bring their weights along, as a sample does whose
 * weights belong to its rows; shares have Wilson's interval at the effective number of rows.
 */
export function weighted(family: MetricFamily, kinds: MetricKinds, weights: Float64Array): MetricFamily {
  const { statistic, proportion, population } = family
  if (kinds.population.sizes.length !== kinds.population.total)
    throw new Error('Rows with weights are kinds of their own.')
  const drawn = new Float64Array(weights.length)
  return {
    ...(population === undefined ? {} : { population }),
    statistic: {
      ...(statistic.range === undefined ? {} : { range: statistic.range }),
      evaluate(counts) {
        if (counts === undefined) return statistic.evaluate(weights)
        for (let row = 0; row < drawn.length; row++) drawn[row] = (counts[row] as number) * (weights[row] as number)
        return statistic.evaluate(drawn)
      },
    },
    ...(proportion === undefined
      ? {}
      : {
          analytic: () =>
            stats.weightedProportionEstimate(proportion(weights), proportion(weights.map((weight) => weight * weight))),
        }),
  }
}

/** What is wrong with the weights of rows, in words; undefined where each is a finite number of 0 or more. */
export function badWeights(weights: Float64Array, column: string): string | undefined {
  let missing = 0
  let negative = 0
  let infinite = 0
  for (const weight of weights) {
    if (Number.isNaN(weight)) missing++
    else if (weight < 0) negative++
    else if (weight === Infinity) infinite++
  }
  const found = [
    ...(negative === 0 ? [] : [`below 0 in ${rowsText(negative)}`]),
    ...(missing === 0 ? [] : [`missing in ${rowsText(missing)}`]),
    ...(infinite === 0 ? [] : [`infinite in ${rowsText(infinite)}`]),
  ]
  return found.length === 0
    ? undefined
    : `The weight ${column} is ${found.join(' and ')}; a weight is a number of 0 or more.`
}

const rowsText = (rows: number): string => `${rows} row${rows === 1 ? '' : 's'}`
