import { nearestName } from '@plumbline/core'
import { partOf, type PlacedText } from '../text/placed-text.ts'
import { fits, type ParameterName } from './parameters.ts'
import { type Token, tokensOf } from './tokens.ts'

/** What a step was probably meant to be. */
export type Nearest =
  /** Its words are those of a pattern; what fills one gap does not fit. */
  | { readonly kind: 'argument'; readonly parameter: ParameterName; readonly text: PlacedText }
  | { readonly kind: 'pattern'; readonly expression: string }

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Words that may differ, as a share of the words of a pattern. */
const MOST_DIFFERENT = 0.4
const LONGEST = 60

/** The pattern whose words are most like those of a step; undefined where none is. */
export function nearestStep(step: PlacedText, expressions: Iterable<string>): Nearest | undefined {
  const words = [...step.text.matchAll(/\S+/g)]
    .slice(0, LONGEST)
    .map(({ 0: text, index }): Word => ({ text, start: index, end: index + text.length }))
  let best: { readonly cost: number; readonly expression: string; readonly gaps: readonly Gap[] } | undefined
  for (const expression of expressions) {
    const tokens = tokensOf(expression)
    const found = aligned(words, tokens)
    const share = found.cost / Math.max(1, tokens.filter(({ kind }) => kind === 'word').length)
    if (share <= MOST_DIFFERENT && (best === undefined || share < best.cost))
      best = { cost: share, expression, gaps: found.gaps }
  }
  if (best === undefined) return undefined
  // One word of its own is too little to say that the rest was meant as an argument.
  const own = tokensOf(best.expression).filter(({ kind }) => kind === 'word').length
  if (best.cost > 0.01 * LONGEST || own < 2) return { kind: 'pattern', expression: best.expression }
  const wrong = best.gaps.find(({ parameter, from, to }) => !fits(parameter, textOf(step, words, from, to).text))
  if (wrong === undefined || best.gaps.some(({ from, to }) => from === to))
    return { kind: 'pattern', expression: best.expression }
  return { kind: 'argument', parameter: wrong.parameter, text: textOf(step, words, wrong.from, wrong.to) }
}

function textOf(step: PlacedText, words: readonly Word[], from: number, to: number): PlacedText {
  return partOf(step, words[from]?.start ?? 0, words[to - 1]?.end ?? 0)
}

interface Gap {
  readonly parameter: ParameterName
  /** Words [from, to). */
  readonly from: number
  readonly to: number
}

interface Alignment {
  readonly cost: number
  readonly gaps: readonly Gap[]
}

/** The cheapest way to lay the words of a step on those of a pattern; a gap takes any number of words. */
function aligned(words: readonly Word[], tokens: readonly Token[]): Alignment {
  let row: Alignment[] = words.map((_, i) => ({ cost: i, gaps: [] }))
  row.push({ cost: words.length, gaps: [] })
  for (const token of tokens) {
    const next: Alignment[] = []
    for (let i = 0; i <= words.length; i++) {
      const options: Alignment[] = []
      if (token.kind === 'word') {
        const above = row[i - 1]
        const word = words[i - 1]
        if (above !== undefined && word !== undefined)
          options.push({ ...above, cost: above.cost + difference(word.text, token.text) })
        options.push({ cost: (row[i]?.cost ?? 0) + 1, gaps: row[i]?.gaps ?? [] })
        const left = next[i - 1]
        if (left !== undefined) options.push({ ...left, cost: left.cost + 1 })
      } else {
        // Longer fillings cost a little, so that words of the pattern are found where they stand.
        for (let from = Math.max(0, i - 12); from <= i; from++) {
          const before = row[from]
          if (before === undefined) continue
          const empty = from === i ? 1 : 0.01 * (i - from)
          const gap: Gap = { parameter: token.parameter, from, to: i }
          options.push({ cost: before.cost + empty, gaps: [...before.gaps, gap] })
        }
      }
      next.push(options.reduce((a, b) => (b.cost < a.cost ? b : a)))
    }
    row = next
  }
  return row[words.length] ?? { cost: Number.POSITIVE_INFINITY, gaps: [] }
}

function difference(a: string, b: string): number {
  if (a === b) return 0
  if (a.toLowerCase() === b.toLowerCase()) return 0.2
  return nearestName(a, [b]) === undefined ? 1 : 0.4
}
