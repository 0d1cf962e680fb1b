import type { MetricFamily } from './metric-family.ts'
import type { GroupsOfRows, MetricKinds } from './metric-rows.ts'

/**
 * A metric whose rows are drawn cluster by cluster (the cluster bootstrap): intervals that take rows for independent do not count, since
 * rows of one customer, patient or day are not. Source: A. C. Davison, D. V. Hinkley, Bootstrap Methods (1997), section 3.8.
 */
export function clustered({ statistic }: MetricFamily, kinds: MetricKinds, clusters: GroupsOfRows): MetricFamily {
  const { sizes } = kinds.population
  const counts = new Uint32Array(sizes.length)
  return {
    population: clusters.population,
    statistic: {
      ...(statistic.range === undefined ? {} : { range: statistic.range }),
      evaluate(drawn) {
        if (drawn === undefined) return statistic.evaluate(sizes)
        for (let kind = 0; kind < counts.length; kind++)
          counts[kind] = (sizes[kind] as number) * (drawn[clusters.of[kind] as number] ?? 0)
        return statistic.evaluate(counts)
      },
    },
  }
}
