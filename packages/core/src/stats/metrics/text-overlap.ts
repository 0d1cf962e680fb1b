/** How like a text is to a reference, in [0, 1]. */
export type TextScore = (reference: string, answer: string) => number

/** Of longer texts the first so many words are compared: a longest common subsequence costs the product of both lengths. */
const MOST_WORDS = 10_000

/** A text without case, punctuation (of ASCII), English articles and double spaces, as the official script of SQuAD leaves it. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, '')
    .replace(/\b(?:a|an|the)\b/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
}

/** 1 where both texts are equal after {@link plain}, else 0. Source: P. Rajpurkar et al., SQuAD, EMNLP 2016. */
export const exactMatch: TextScore = (reference, answer) => (plain(reference) === plain(answer) ? 1 : 0)

/** F1 of the words that both texts hold, each as often, after {@link plain}; equal where one has none. Source: SQuAD. */
export const tokenF1: TextScore = (reference, answer) => {
  const [left, right] = [plain(reference), plain(answer)].map((text) => (text === '' ? [] : text.split(' ')))
  if (left === undefined || right === undefined) return 0
  if (left.length === 0 || right.length === 0) return left.length === right.length ? 1 : 0
  return harmonic(sharedCount(left, right), left.length, right.length)
}

/** Words of letters a to z and digits, in lower case, as the package rouge-score splits a text. */
const words = (text: string): string[] => (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).slice(0, MOST_WORDS)

/** ROUGE-N: F1 of the runs of n words that both texts hold, each as often. Source: C.-Y. Lin, ACL Workshop 2004. */
export const rougeN =
  (n: number): TextScore =>
  (reference, answer) => {
    const [left, right] = [runs(words(reference), n), runs(words(answer), n)]
    return harmonic(sharedCount(left, right), left.length, right.length)
  }

/** ROUGE-L: F1 of the longest common subsequence of words. Source: C.-Y. Lin, ACL Workshop 2004. */
export const rougeL: TextScore = (reference, answer) => {
  const [left, right] = [words(reference), words(answer)]
  return harmonic(longestCommon(left, right), left.length, right.length)
}

/** F1 of `shared` among `left` and `right`; 0 where nothing is shared. */
function harmonic(shared: number, left: number, right: number): number {
  return shared === 0 ? 0 : (2 * shared) / (left + right)
}

const runs = (of: readonly string[], n: number): string[] =>
  Array.from({ length: Math.max(0, of.length - n + 1) }, (_, start) => of.slice(start, start + n).join(' '))

function sharedCount(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of right) {
    const open = counts.get(word) ?? 0
    if (open === 0) continue
    shared++
    counts.set(word, open - 1)
  }
  return shared
}

function longestCommon(left: readonly string[], right: readonly string[]): number {
  const lengths = new Uint32Array(right.length + 1)
  for (const word of left) {
    let diagonal = 0
    for (let i = 1; i <= right.length; i++) {
      const above = lengths[i] as number
      lengths[i] = word === right[i - 1] ? diagonal + 1 : Math.max(above, lengths[i - 1] as number)
      diagonal = above
    }
  }
  return lengths[right.length] as number
}
