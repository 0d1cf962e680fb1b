import type { Verdict } from '@plumbline/core'

/** Gravest first: a clause over its slices is as bad as its worst slice; `skipped` only where all were. */
export const VERDICTS: readonly Verdict[] = ['error', 'violated', 'inconclusive', 'satisfied', 'skipped']

/** The verdict of a clause over its instances; `undefined` where there are none. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict | undefined {
  const present = new Set(verdicts)
  return VERDICTS.find((verdict) => present.has(verdict))
}

/** A sign beside the word, so that color is never alone. */
export function verdictSign(verdict: Verdict): string {
  switch (verdict) {
    case 'satisfied':
      return '✓'
    case 'violated':
      return '✗'
    case 'inconclusive':
      return '?'
    case 'error':
      return '!'
    case 'skipped':
      return '–'
  }
}

/** How many of each verdict, all five present. */
export function countVerdicts(verdicts: Iterable<Verdict>): Readonly<Record<Verdict, number>> {
  const counts = { satisfied: 0, violated: 0, inconclusive: 0, error: 0, skipped: 0 }
  for (const verdict of verdicts) counts[verdict]++
  return counts
}

/** `12 satisfied, 1 violated`: only what there is, in the order of a summary. */
export function countsText(counts: Readonly<Record<Verdict, number>>): string {
  const order: readonly Verdict[] = ['satisfied', 'violated', 'inconclusive', 'error', 'skipped']
  const present = order.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`)
  return present.length === 0 ? 'nothing decided' : present.join(', ')
}
