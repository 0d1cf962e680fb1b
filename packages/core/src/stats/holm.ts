import type { Decision } from './decide.ts'

/** One hypothesis of a Holm family, in the order given. */
export interface HolmResult {
  /** True where the hypothesis was rejected, that is, where the question is decided. */
  readonly rejected: boolean
  /** The confidence level that decided, or at which deciding failed: 1 − α / (m − i + 1). */
  readonly level: number
}

/** Positions in ascending order of p; equal ones keep their order. */
function ascending(pValues: readonly (number | undefined)[]): number[] {
  return pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1) || a - b)
}

/**
 * Holm's step-down procedure at family-wise error `alpha`: the i-th smallest of m p-values is tested at
 * α / (m − i + 1); from the first failure on nothing is rejected, and those results carry that step's level.
 * `undefined` stands for a member that cannot be decided; it counts in m and is never rejected.
 * Source: S. Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: readonly (number | undefined)[], alpha: number): HolmResult[] {
  const results: HolmResult[] = pValues.map(() => ({ rejected: false, level: 1 - alpha }))
  let step = pValues.length
  let failed = false
  for (const index of ascending(pValues)) {
    const level = 1 - alpha / step
    const p = pValues[index]
    failed ||= p === undefined || !(p <= alpha / step)
    results[index] = { rejected: !failed, level }
    if (!failed) step--
  }
  return results
}

/** A question that can be asked at any α: one comparison, or a condition of several. */
export interface Question<T extends { readonly verdict: Decision }> {
  /** The smallest α at which the answer is not `inconclusive`; `undefined` when there is none. */
  readonly p: number | undefined
  /** The answer when the question has error probability α to spend. */
  at(alpha: number): T
}

/** An answer with the confidence level it was given at. */
export interface Answer<T> {
  readonly answer: T
  readonly level: number
}

/**
 * Decides a family by Holm's procedure, each answer taken at its step's α, so that verdict, interval and level shown
 * always agree. A step whose answer is `inconclusive` (also by an interval ending exactly at the bound) ends the
 * descent: it and all later ones are answered at that step's α and cannot be decided.
 */
export function decideFamily<T extends { readonly verdict: Decision }>(
  questions: readonly Question<T>[],
  alpha: number,
  inconclusive: (answer: T) => T,
): Answer<T>[] {
  const answers = new Map<number, Answer<T>>()
  let step = questions.length
  let failed = false
  for (const index of ascending(questions.map((question) => question.p))) {
    const question = questions[index]
    if (question === undefined) continue
    const spent = alpha / step
    const found = question.at(spent)
    failed ||= question.p === undefined || found.verdict === 'inconclusive'
    answers.set(index, { answer: failed ? inconclusive(found) : found, level: 1 - spent })
    if (!failed) step--
  }
  return questions.flatMap((_, i) => answers.get(i) ?? [])
}
