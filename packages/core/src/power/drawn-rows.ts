import type { Term } from '../expr/must.ts'
import { FEWEST_ROWS } from '../stats/bootstrap.ts'
import type { Spread } from './numbers/mean.ts'
import { type RowCount, type RowsAtHand, type Said, spreadKey } from './rows-at-hand.ts'
import { wayOf } from './ways.ts'

/** Rows that count alike and are drawn one by one, standing for rows that are not: how many, and what that takes for granted. */
export interface DrawnRows {
  /** How many of them stand for one row. */
  readonly share: number
  readonly given: string
  /** What is drawn, where it is not rows. */
  readonly drawn?: { readonly units: number; readonly unit: string }
}

/**
 * For how many rows drawn one by one those of a term stand. Clusters: Σ n² of their rows is at most all rows times the rows of the largest, so they vary at most as so
 * many rows fewer do (L. Kish, Survey Sampling (1965), 8.2). Weights: (Σ w)² / Σ w² rows (the same), if they do not go with what is measured. A text says why nothing is known.
 */
export function drawnRows({ fn, cluster, weights }: Term, { groups, spreads }: RowCount): DrawnRows | string {
  if (cluster !== undefined) {
    const counted = groups?.get(cluster)
    if (counted === undefined || wayOf(fn).kind === 'group-mean') return 'its clusters are not counted'
    const given = 'were rows of a cluster alike, and each cluster as large as the largest'
    return {
      share: 1 / Math.max(1, counted.largest),
      given,
      drawn: { units: counted.groups, unit: `clusters of ${cluster}` },
    }
  }
  if (weights === undefined) return { share: 1, given: '' }
  const { mean, deviation } = spreads?.get(spreadKey(weights)) ?? {}
  if (mean === undefined || deviation === undefined || mean <= 0) return 'how its weights vary is not known'
  return { share: 1 / (1 + (deviation / mean) ** 2), given: 'were weights to go with nothing that is measured' }
}

/** The rows at hand as so many that are drawn one by one. */
export function atDrawnRows(at: RowsAtHand, { share }: DrawnRows): RowsAtHand {
  if (share === 1) return at
  const ofSpread = (spread: Spread | undefined): Spread | undefined =>
    spread && { ...spread, rows: Math.floor(spread.rows * share) }
  const { group, losses, differences, resampled } = at
  return {
    count: countOfDrawn(at.count, share),
    ...(resampled === undefined ? {} : { resampled }),
    ...(group === undefined
      ? {}
      : {
          group: (where) => {
            const count = group(where)
            return count && countOfDrawn(count, share)
          },
        }),
    ...(losses === undefined ? {} : { losses: (term) => ofSpread(losses(term)) }),
    ...(differences === undefined ? {} : { differences: (left, right) => ofSpread(differences(left, right)) }),
  }
}

function countOfDrawn(count: RowCount, share: number): RowCount {
  const rows = Math.floor(count.rows * share)
  const { positives, classes, spreads } = count
  return {
    ...count,
    rows,
    ...(positives === undefined ? {} : { positives: Math.min(rows, Math.round(positives * share)) }),
    ...(classes === undefined ? {} : { classes: scaled(classes, (own) => Math.round(own * share)) }),
    ...(spreads === undefined
      ? {}
      : { spreads: scaled(spreads, (spread) => ({ ...spread, rows: Math.floor(spread.rows * share) })) }),
  }
}

const scaled = <T>(of: ReadonlyMap<string, T>, by: (value: T) => T): ReadonlyMap<string, T> =>
  new Map([...of].map(([name, value]) => [name, by(value)]))

/** What was said of the rows drawn one by one, of the rows at hand. That so few cannot decide says nothing of clusters, or of rows with weights. */
export function saidOfDrawn(said: Said, { share, given, drawn }: DrawnRows, rows: number): Said {
  if (share === 1 && drawn === undefined) return said
  const { units, unit } = drawn ?? { units: rows, unit: undefined }
  const of = { rows: units, ...(unit === undefined ? {} : { unit }) }
  if (units < FEWEST_ROWS && drawn !== undefined)
    return { ...of, canHold: false, canFail: false, rowsToHold: FEWEST_ROWS, onlyBy: 'rows' }
  const base = { ...of, canHold: true, canFail: true }
  const { detectable, effect, allowed, enough, unknown } = said
  const found = detectable ?? effect ?? allowed ?? enough
  if (found === undefined) return { ...base, unknown: unknown ?? 'so few rows that are alike show nothing' }
  return {
    ...base,
    ...(detectable === undefined ? {} : { detectable }),
    ...(effect === undefined ? {} : { effect }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(said.groups === undefined ? {} : { groups: said.groups }),
    given: said.given === undefined ? given : `${said.given}; ${given}`,
    ...(drawn !== undefined || said.atMost === true ? { atMost: true } : {}),
    ...(enough === undefined ? {} : { enough: { ...enough, rows: Math.ceil(enough.rows / share) } }),
  }
}
