import { type Fraction } from './float64.ts'

/** A term of a solver's answer: an atom as written, or a list. */
export type Answer = string | readonly Answer[]

/** Reads one term; undefined where it is none. */
export function readAnswer(text: string): Answer | undefined {
  const tokens = text.match(/"(?:[^"]|"")*"|\|[^|]*\||[()]|[^\s()"|]+/g) ?? []
  let at = 0
  const term = (): Answer | undefined => {
    const token = tokens[at++]
    if (token === undefined || token === ')') return undefined
    if (token !== '(') return token
    const parts: Answer[] = []
    while (tokens[at] !== ')') {
      const part = term()
      if (part === undefined) return undefined
      parts.push(part)
    }
    at++
    return parts
  }
  const read = term()
  return at === tokens.length ? read : undefined
}

/** A number of an answer, exactly; undefined for what is none, such as the root of a polynomial. */
export function readNumber(answer: Answer): Fraction | undefined {
  if (typeof answer === 'string') {
    const match = /^(\d+)(?:\.(\d+))?$/.exec(answer)
    if (match === null) return undefined
    const digits = (match[2] ?? '').replace(/0+$/, '')
    return { numerator: BigInt(`${match[1]}${digits}`), denominator: 10n ** BigInt(digits.length) }
  }
  const [operator, ...rest] = answer
  const numbers = rest.map(readNumber)
  const [a, b] = numbers
  if (a === undefined) return undefined
  if (operator === '-' && numbers.length === 1) return { numerator: -a.numerator, denominator: a.denominator }
  if (operator !== '/' || b === undefined || b.numerator === 0n) return undefined
  const [n, d] = [a.numerator * b.denominator, a.denominator * b.numerator]
  return d < 0n ? { numerator: -n, denominator: -d } : { numerator: n, denominator: d }
}

/** The values in what `get-value` prints, in its order, each as text; undefined for anything else. */
export function readValues(text: string): readonly string[] | undefined {
  const read = readAnswer(text)
  if (read === undefined || typeof read === 'string') return undefined
  const values = read.map((pair) => (typeof pair === 'string' ? undefined : pair[1]))
  return values.every((value) => value !== undefined) ? values.map(print) : undefined
}

/** The names in what `get-unsat-core` prints; undefined for anything else. */
export function readCore(text: string): readonly string[] | undefined {
  const read = readAnswer(text)
  return read !== undefined && typeof read !== 'string' && read.every((name) => typeof name === 'string')
    ? read
    : undefined
}

const print = (answer: Answer): string => (typeof answer === 'string' ? answer : `(${answer.map(print).join(' ')})`)
