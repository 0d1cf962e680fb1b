import type { BinaryOperator } from '../../expr/syntax.ts'

/** How operators are said, and how strongly they bind: the same order as in CEL, so the same parentheses. */
export const OPERATORS: Readonly<Record<BinaryOperator, { readonly words: string; readonly strength: number }>> = {
  '||': { words: 'or', strength: 1 },
  '&&': { words: 'and', strength: 2 },
  '<': { words: 'is less than', strength: 3 },
  '<=': { words: 'is at most', strength: 3 },
  '>': { words: 'is greater than', strength: 3 },
  '>=': { words: 'is at least', strength: 3 },
  '==': { words: 'equals', strength: 3 },
  '!=': { words: 'differs from', strength: 3 },
  in: { words: 'is one of', strength: 3 },
  '+': { words: 'plus', strength: 4 },
  '-': { words: 'minus', strength: 4 },
  '*': { words: 'times', strength: 5 },
  '/': { words: 'divided by', strength: 5 },
  '%': { words: 'modulo', strength: 5 },
}

/** Strength of what needs no parentheses anywhere. */
export const PRIMARY = 8
/** Strength of a phrase: what follows its last argument would be taken for a part of that. */
export const PHRASE = 7
/** Strength of `!` and of a minus sign. */
export const UNARY = 6
/** `== null` and `!= null`, said after the operand; they bind like comparisons. */
export const IS_NULL = 'is missing'
export const IS_NOT_NULL = 'is there'
/** Said before the name of a column in quotes: `row["odd name"]`. */
export const COLUMN = 'the column'
/** Macros that ask about the elements of a list, each with its words. */
export const QUANTIFIERS = [
  { name: 'all', words: 'for every' },
  { name: 'exists', words: 'for some' },
  { name: 'exists_one', words: 'for exactly one' },
] as const
/** What functions with a dot in their name begin with. */
export const NAMESPACES: readonly string[] = [
  'math',
  'sets',
  'lists',
  'strings',
  'base64',
  'optional',
  'cel',
  'corrupt',
]
