import { lexNumber } from '../../expr/parse/number.ts'
import { lexString } from '../../expr/parse/string.ts'
import type { ExprPlace } from '../../expr/syntax.ts'

/** A part of an English sentence. */
export type Word =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'name'; readonly path: readonly string[] }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'uint'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: string }
  | { readonly kind: 'string'; readonly value: string }

/** Thrown and caught inside this folder: a sentence that is not of the grammar. */
export class NotEnglish extends Error {}

const NOWHERE: ExprPlace = { span: (start, end) => ({ file: '', start, end }) }
/** Slices may have hyphens in their names; columns may not, and what reads an expression refuses them. */
const NAME = /`([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*)`/y
/** Whether a name can stand between backticks. */
export const isNameWord = (name: string): boolean => sticky(NAME, `\`${name}\``, 0) !== undefined

const WORD = /[A-Za-z%]+(?:-[a-z]+)*/y
const LONGEST = 65_536

/** Text → words; throws `NotEnglish`. */
export function wordsOf(text: string): readonly Word[] {
  if (text.length > LONGEST) throw new NotEnglish('The sentence is too long.')
  const words: Word[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at] ?? ''
    if (/\s/.test(char)) {
      at++
      continue
    }
    const [word, end] = wordAt(text, at)
    words.push(word)
    at = end
  }
  return words
}

function wordAt(text: string, at: number): readonly [Word, number] {
  const name = sticky(NAME, text, at)
  if (name !== undefined) return [{ kind: 'name', path: (name[1] ?? '').split('.') }, at + name[0].length]
  const char = text[at] ?? ''
  if (/[0-9]/.test(char)) {
    const token = lexNumber(text, at, NOWHERE)
    if (token.kind === 'int' || token.kind === 'uint') return [{ kind: token.kind, value: token.value }, token.end]
    if (token.kind === 'double') return [{ kind: 'double', value: token.value }, token.end]
  }
  if (char === '"' || text.startsWith('b"', at)) {
    const token = lexString(text, at, NOWHERE)
    if (token?.kind === 'string' || token?.kind === 'bytes')
      return [{ kind: token.kind, value: token.value }, token.end]
  }
  const word = sticky(WORD, text, at)
  if (word !== undefined) return [{ kind: 'word', text: word[0] }, at + word[0].length]
  if ('()[]{},:;.'.includes(char)) return [{ kind: 'mark', text: char }, at + 1]
  throw new NotEnglish(`Nothing of the grammar begins with ${JSON.stringify(char)}.`)
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}
