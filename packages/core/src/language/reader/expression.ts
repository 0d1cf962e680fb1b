import type { Expression } from '../spec.ts'
import { mapScalar, type ScalarMap, verbatimFrom } from '../yaml/scalar-map.ts'
import type { YamlScalar } from '../yaml/tree.ts'
import { type Reader, scalarOf } from './reader.ts'

/** An expression (CEL): any scalar as text; it is parsed later, with places inside it. */
export const expression: Reader<Expression> = {
  expects: 'an expression',
  schema: { type: ['string', 'number', 'boolean'], minLength: 1 },
  read: (node, context) => {
    const rules = {
      expects: 'an expression',
      types: ['text', 'integer', 'number', 'boolean'],
      structureFix: 'Write an expression; one that begins with a brace or bracket is put in quotes.',
    } as const
    const scalar = scalarOf(node, rules, context)
    return scalar && expressionOf(scalar)
  },
}

/** The expression a scalar holds; its offset map is derived when first asked for. */
export function expressionOf(scalar: YamlScalar): Expression {
  let map: ScalarMap | undefined
  const { file } = scalar.span
  const verbatim = verbatimFrom(scalar)
  return {
    text: scalar.text,
    span: scalar.span,
    place: (start, end) => {
      const { length } = scalar.text
      const from = Math.max(0, Math.min(start, length))
      const to = Math.max(from, Math.min(end, length))
      if (verbatim !== undefined) return { file, start: verbatim + from, end: verbatim + to }
      map ??= mapScalar(scalar)
      const begin = map.starts[from] ?? map.ends[length - 1] ?? scalar.span.start
      return { file, start: begin, end: to > from ? (map.ends[to - 1] ?? begin) : begin }
    },
  }
}
