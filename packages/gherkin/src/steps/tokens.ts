import { isParameterName, type ParameterName } from './parameters.ts'

/** A part of an expression: a word as it is, or a gap. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'gap'; readonly parameter: ParameterName }

/** The words and gaps of an expression, as it is read. */
export function tokensOf(expression: string): readonly Token[] {
  const parts = expression.replaceAll('\\', '').match(/\{[^}]*\}|[^\s{]+/g) ?? []
  return parts.map((part): Token => {
    const name = /^\{(.*)\}$/.exec(part)?.[1]
    return name !== undefined && isParameterName(name) ? { kind: 'gap', parameter: name } : { kind: 'word', text: part }
  })
}

/** An expression as people write it: without the escapes of cucumber expressions. */
export const shown = (expression: string): string => expression.replaceAll('\\', '')
