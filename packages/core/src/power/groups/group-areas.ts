import type { Random } from '../../stats/prng.ts'
import { aucStandardError } from '../numbers/auc.ts'
import { leastRows } from '../numbers/least-rows.ts'
import { USUAL_AREA } from '../models/paired-areas.ts'
import type { ShareDecidability } from '../numbers/proportion.ts'
import { type DrawnGroup, detectableSpread, type Spread } from './spread.ts'

/** Rows of a group by their label. */
export interface LabelledRows {
  readonly positives: number
  readonly negatives: number
}

const MOST_ROWS = 1_000_000
/** Replicates of the band, whose own chance may lie so many of its errors off. */
const REPLICATES = 1999
const ERRORS = 3

/**
 * Decidability of `gap <= bound` (`ratio >= bound`) of the ROC areas of several groups, by the band that decides it. A few pairs in the wrong order in
 * each group make it as narrow as one likes; but a resample in which a group has rows of one label only has no area, and where those are more
 * than the error that is allowed, the band has no end. `detectable`: the widest gap (lowest ratio) of areas about 0.8 that is shown to be
 * allowed four times in five, with the error of J. A. Hanley and B. J. McNeil, Radiology 143 (1982).
 */
export function areasWithin(
  spread: Spread,
  groups: readonly LabelledRows[],
  bound: number,
  level: number,
): ShareDecidability {
  const alpha = 1 - level
  const chance = ERRORS * Math.sqrt((alpha * level) / REPLICATES)
  const decided = (of: readonly LabelledRows[], most = alpha + chance): boolean =>
    of.every(({ positives, negatives }) => positives >= 2 && negatives >= 2) && lostShare(of) <= most
  const possible = decided(groups) && (spread === 'gap' ? bound > 0 : bound < 1)
  const rows = groups.map(({ positives, negatives }) => positives + negatives)
  const smallest = Math.min(...rows)
  const scaled = (n: number): readonly LabelledRows[] =>
    groups.map(({ positives, negatives }) => ({
      positives: Math.round((positives * n) / smallest),
      negatives: Math.round((negatives * n) / smallest),
    }))
  const needed = possible
    ? undefined
    : leastRows((n) => decided(scaled(n), alpha - chance), MOST_ROWS, Math.max(1, smallest))
  const detectable = possible ? detectableSpread(spread, groups.map(drawnArea), USUAL_AREA, bound, level) : undefined
  return {
    canHold: possible,
    canFail: decided(groups) && (spread === 'gap' ? bound < 1 : bound > 0),
    ...(needed === undefined ? {} : { rowsToHold: needed }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

/** Share of the resamples of all rows in which some group has rows of one label only. */
function lostShare(groups: readonly LabelledRows[]): number {
  const counts = groups.flatMap(({ positives, negatives }) => [positives, negatives])
  const all = counts.reduce((sum, count) => sum + count, 0)
  return 1 - counts.reduce((kept, count) => kept * (1 - (1 - count / all) ** all), 1)
}

/** A group whose measured area is normal about the true one. */
function drawnArea({ positives, negatives }: LabelledRows): DrawnGroup {
  return {
    rows: Math.min(positives, negatives),
    draw(area, random: Random) {
      const error = aucStandardError(Math.min(area, 1), positives, negatives)
      const drawn = area + error * random.normal()
      return Math.min(1, Math.max(Number.MIN_VALUE, drawn))
    },
  }
}
