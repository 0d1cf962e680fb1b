import { insteadOf, shownCharacter } from '../characters.ts'
import { defineDiagnostic } from '../define.ts'

const NOT_CEL = 'Conditions are written in CEL, the Common Expression Language.'

/** Nothing is written where a condition belongs. */
export const emptyExpression = defineDiagnostic<object>({
  code: 'expr/empty',
  severity: 'error',
  message: () => 'There is no expression here.',
  why: 'A clause without a condition cannot be decided.',
  fix: 'Write a condition, such as `age >= 18`.',
})

/** A token that cannot stand where it stands. */
export const syntaxError = defineDiagnostic<{
  readonly found: string
  readonly expected: string
  /** What was probably meant. */
  readonly hint?: string | undefined
}>({
  code: 'expr/syntax',
  severity: 'error',
  message: ({ found, expected }) => `Expected ${expected}, found ${found}.`,
  why: NOT_CEL,
  fix: ({ found, expected, hint }) =>
    hint ??
    (expected === '`)`' && found === '`,`'
      ? 'Write a list in square brackets, such as `a in [1, 2]`.'
      : found === 'the end'
        ? 'Complete the expression, or remove what is left open.'
        : `Remove ${found}, or complete what stands before it.`),
})

/** A character that begins no token. */
export const unexpectedCharacter = defineDiagnostic<{ readonly character: string }>({
  code: 'expr/unexpected-character',
  severity: 'error',
  message: ({ character }) => `The character ${shownCharacter(character)} has no meaning in an expression.`,
  why: NOT_CEL,
  fix: ({ character }) => insteadOf(character),
})

/** `=`, `===`, `<>`, `=>`: comparison operators of other languages. */
export const equalsSign = defineDiagnostic<{
  readonly written: string
  readonly right: string
  /** What else may be meant. */
  readonly or?: string
}>({
  code: 'expr/equals-sign',
  severity: 'error',
  message: ({ written }) => `\`${written}\` is no operator.`,
  why: 'CEL compares with == != < <= > >= and never assigns.',
  fix: ({ right, or }) => `Write \`${right}\`${or === undefined ? '' : `, or ${or}`}.`,
})

/** `and`, `or`, `not`, `is`, …: words for operators. */
export const wordOperator = defineDiagnostic<{ readonly word: string; readonly instead: string }>({
  code: 'expr/word-operator',
  severity: 'error',
  message: ({ word }) => `\`${word}\` is no operator.`,
  why: 'CEL writes its operators as signs: && || ! == !=.',
  fix: ({ instead }) => `Write ${instead}.`,
})

/** `&` or `|` alone. */
export const singleOperator = defineDiagnostic<{ readonly written: string | undefined }>({
  code: 'expr/single-operator',
  severity: 'error',
  message: ({ written }) => `A single \`${written}\` is no operator.`,
  why: 'CEL has no bitwise operators.',
  fix: ({ written }) => `Write \`${written}${written}\`.`,
})

/** `99%`. */
export const percentLiteral = defineDiagnostic<{ readonly text: string; readonly fraction: string }>({
  code: 'expr/percent-literal',
  severity: 'error',
  message: ({ text }) => `\`${text}%\` is not a number in an expression.`,
  why: 'Inside an expression % is the remainder of a division; only fields of the spec, such as `mostly`, accept percentages.',
  fix: ({ fraction }) => `Write ${fraction}.`,
})

/** `7d`, `50ms`, `10k`. */
export const unitLiteral = defineDiagnostic<{ readonly text: string; readonly number: string; readonly unit: string }>({
  code: 'expr/unit-literal',
  severity: 'error',
  message: ({ text }) => `\`${text}\` is not a number.`,
  why: 'Expressions have no literals with units.',
  fix: ({ number, unit }) => durationFix(number, unit) ?? `Write the plain number, such as ${number}.`,
})

/** `1__0`, `1_`, `0x`. */
export const malformedNumber = defineDiagnostic<{ readonly text: string }>({
  code: 'expr/malformed-number',
  severity: 'error',
  message: ({ text }) => `\`${text}\` is not a number.`,
  why: 'A number has digits, single `_` between digits, at most one dot with a digit after it, and at most one exponent.',
  fix: 'Write it like 10_000, 0.5, 1e-3 or 0xff.',
})

/** A literal that its type cannot hold. */
export const numberRange = defineDiagnostic<{ readonly text: string; readonly type: 'int' | 'uint' | 'double' }>({
  code: 'expr/number-range',
  severity: 'error',
  message: ({ text, type }) =>
    `${clipped(text)} does not fit ${type === 'double' ? 'a double' : type === 'uint' ? 'a uint' : 'an int'}.`,
  why: ({ type }) =>
    type === 'int'
      ? 'An int has 64 bits: -9223372036854775808 to 9223372036854775807.'
      : type === 'uint'
        ? 'A uint has 64 bits: 0u to 18446744073709551615u.'
        : 'A double ends at about 1.8e308.',
  fix: ({ type, text }) =>
    type === 'int'
      ? `Write a smaller number, or a double such as ${/^[\d_]{1,25}$/.test(text) ? `${text}.0` : '1e19'}.`
      : 'Write a smaller number.',
})

/** A text that does not end. */
export const unterminatedString = defineDiagnostic<{ readonly quote: string }>({
  code: 'expr/unterminated-string',
  severity: 'error',
  message: ({ quote }) => `The text that begins here has no closing ${quote}.`,
  why: 'Everything up to the closing quote belongs to the text.',
  fix: ({ quote }) =>
    quote.length === 1 ? `Add ${quote}; a text over several lines stands in ${quote.repeat(3)}.` : `Add ${quote}.`,
})

/** An unknown or malformed escape. */
export const badEscape = defineDiagnostic<{
  readonly text: string
  /** The file has more characters here: quotes of YAML have taken a backslash away. */
  readonly unquoted: boolean
}>({
  code: 'expr/bad-escape',
  severity: 'error',
  message: ({ text }) => `\`${text}\` is not an escape sequence.`,
  why: 'A backslash begins one of \\n \\r \\t \\\\ \\" \\\' \\xHH \\uHHHH \\UHHHHHHHH or three octal digits, and names a Unicode character.',
  fix: ({ text, unquoted }) =>
    unquoted
      ? `Put the whole in single quotes ('…'), and write the text as r"…${text}…": double quotes of YAML have taken a backslash away.`
      : 'Write \\\\ for a backslash, or a raw text such as r"\\d+" for a regular expression.',
})

/** A text with half of a surrogate pair. */
export const notUnicode = defineDiagnostic<object>({
  code: 'expr/not-unicode',
  severity: 'error',
  message: () => 'This text holds half of a surrogate pair.',
  why: 'It cannot be stored as UTF-8, so no database could compare with it.',
  fix: 'Write the whole character, or its \\U escape with eight digits.',
})

/** A word that CEL keeps for itself. */
export const reservedWord = defineDiagnostic<{ readonly word: string }>({
  code: 'expr/reserved-word',
  severity: 'error',
  message: ({ word }) => `\`${word}\` is a reserved word of CEL.`,
  why: 'Reserved words cannot be names.',
  fix: ({ word }) =>
    `${word === 'if' || word === 'else' ? 'Write `condition ? a : b`, or' : 'Write'} row["${word}"] for a column of this name.`,
})

/** Parts of CEL that this language leaves out. */
export const unsupported = defineDiagnostic<{ readonly what: string; readonly instead: string }>({
  code: 'expr/unsupported',
  severity: 'error',
  message: ({ what }) => `${what} are not supported.`,
  why: 'Every expression must mean the same in SQL, in JavaScript and in the evaluator; this part of CEL has no such form.',
  fix: ({ instead }) => instead,
})

/** Hostile or generated input. */
export const tooLarge = defineDiagnostic<{ readonly what: 'long' | 'deep'; readonly limit: number }>({
  code: 'expr/too-large',
  severity: 'error',
  message: ({ what, limit }) =>
    what === 'long'
      ? `The expression is longer than ${limit} characters.`
      : `The expression is nested more than ${limit} levels deep.`,
  why: 'Size is bounded so that no spec can exhaust the compiler or a database.',
  fix: ({ what }) =>
    what === 'long'
      ? 'Split it into several clauses.'
      : 'Write `x in [a, b, …]` instead of a long chain of ||, or split it into several clauses.',
})

/** `a < b < c`. */
export const chainedComparison = defineDiagnostic<{ readonly left: string; readonly right: string }>({
  code: 'expr/chained-comparison',
  severity: 'error',
  message: () => 'Comparisons do not chain.',
  why: 'CEL would compare the result (true or false) of the first comparison with the rest.',
  fix: ({ left, right }) => `Write \`${left} && ${right}\`.`,
})

function durationFix(number: string, unit: string): string | undefined {
  if (/^(h|m|s|ms|us)$/.test(unit)) return `Write duration("${number}${unit}").`
  const hours: Readonly<Record<string, number>> = { d: 24, w: 168 }
  const factor = Object.hasOwn(hours, unit) ? hours[unit] : undefined
  if (factor !== undefined) return `Write duration("${Number(number.replaceAll('_', '')) * factor}h").`
  return undefined
}

function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
