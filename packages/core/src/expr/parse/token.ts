import type { Diagnostic } from '../../diagnostics/diagnostic.ts'

/** One token; offsets are UTF-16 units in the text of the expression. */
export type Token =
  | { readonly kind: 'int'; readonly value: bigint; readonly start: number; readonly end: number }
  | { readonly kind: 'uint'; readonly value: bigint; readonly start: number; readonly end: number }
  | { readonly kind: 'bytes'; readonly value: string; readonly start: number; readonly end: number }
  /** A name in backticks, which may follow a dot. */
  | { readonly kind: 'quoted-name'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'double'; readonly value: number; readonly start: number; readonly end: number }
  | { readonly kind: 'string'; readonly value: string; readonly start: number; readonly end: number }
  /** Names, keywords and reserved words; the parser tells them apart. */
  | { readonly kind: 'word'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly start: number; readonly end: number }
  /** Text that is no token; reported when the parser comes to it, so that the first mistake is the one shown. */
  | { readonly kind: 'error'; readonly diagnostic: Diagnostic; readonly start: number; readonly end: number }

/** Words that are values or operators. */
export const keywords: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in'])

/** Words that CEL keeps for itself; they cannot be names of columns, but can follow a dot. */
export const reservedWords: ReadonlySet<string> = new Set([
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
])

/** True for names that can be written bare. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.has(name) && !reservedWords.has(name)
}
