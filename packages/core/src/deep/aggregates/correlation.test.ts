import { expect, test } from 'vitest'
import { LEAST_AT } from './correlation.ts'

test('no decision of two classes is below what its correlation leaves, and some is near to it', () => {
  const counts = [0, 1, 2, 3, 4, 5, 7, 9, 12, 16, 25, 40, 100, 1_000]
  const near = new Map<string, number>()
  for (const tp of counts)
    for (const fp of counts)
      for (const fn of counts)
        for (const tn of counts) {
          const root = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
          const correlation = (tp * tn - fp * fn) / root
          if (root === 0 || correlation <= 0) continue
          const metrics = {
            accuracy: (tp + tn) / (tp + fp + fn + tn),
            recall: tp / (tp + fn),
            specificity: tn / (tn + fp),
            precision: tp / (tp + fp),
            negative_predictive_value: tn / (tn + fn),
            balanced_accuracy: (tp / (tp + fn) + tn / (tn + fp)) / 2,
            f1: (2 * tp) / (2 * tp + fp + fn),
            kappa: (2 * (tp * tn - fp * fn)) / ((tp + fp) * (fp + tn) + (tp + fn) * (fn + tn)),
          }
          if (metrics.kappa > correlation + 1e-12) throw new Error(`kappa of ${[tp, fp, fn, tn].join()}`)
          for (const [name, value] of Object.entries(metrics)) {
            const least = LEAST_AT[name as keyof typeof metrics]?.(correlation) ?? Number.NaN
            const room = value - least
            if (!(room > -1e-12)) throw new Error(`${name} ${value} below ${least} of ${[tp, fp, fn, tn].join()}`)
            if (correlation > 0.4 && correlation < 0.6) near.set(name, Math.min(near.get(name) ?? 1, room))
          }
        }
  expect([...near.keys()].toSorted()).toEqual(Object.keys(LEAST_AT).toSorted())
  expect([...near.values()].filter((room) => room > 0.01)).toEqual([])
})
