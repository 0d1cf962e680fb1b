import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseExpression } from '../parse/parser.ts'
import type { BinaryOperator, Syntax } from '../syntax.ts'
import { printSyntax } from './syntax.ts'

const place = { span: (start: number, end: number) => ({ file: 'x', start, end }) }
const AT = { start: 0, end: 0 }
const OPERATORS: readonly BinaryOperator[] = [
  '||',
  '&&',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
]
const name = fc.constantFrom('x', 'age', '_a1', 'Zz', 'of', 'row', 'size')
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('"', '\\', "'", '\n', '\u2028', '😀', '`', '{}'),
)

/** Any tree that the parser can make. */
const { any } = fc.letrec<{ any: Syntax }>((tie) => {
  const node = tie('any')
  const nodes = fc.array(node, { maxLength: 3 })
  const optional = fc.constantFrom({}, { optional: true as const })
  return {
    any: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      name.map((n): Syntax => ({ kind: 'name', name: n, ...AT })),
      fc.bigInt({ min: 0n, max: 2n ** 63n }).map((value): Syntax => ({ kind: 'int', value, ...AT })),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): Syntax => ({ kind: 'uint', value, ...AT })),
      fc
        .double({ min: 0, noNaN: true, noDefaultInfinity: true })
        .map((value): Syntax => ({ kind: 'double', value: Math.abs(value), ...AT })),
      text.map((value): Syntax => ({ kind: 'string', value, ...AT })),
      fc
        .array(fc.nat(255), { maxLength: 5 })
        .map((octets): Syntax => ({ kind: 'bytes', value: String.fromCharCode(...octets), ...AT })),
      fc.boolean().map((value): Syntax => ({ kind: 'bool', value, ...AT })),
      fc.constant<Syntax>({ kind: 'null', ...AT }),
      fc
        .tuple(node, fc.oneof(name, fc.constantFrom('a-b', 'a b', 'in')), optional)
        .map(([operand, n, o]): Syntax => ({ kind: 'member', operand, name: n, nameStart: 0, ...o, ...AT })),
      fc
        .tuple(node, node, optional)
        .map(([operand, index, o]): Syntax => ({ kind: 'index', operand, index, ...o, ...AT })),
      fc.tuple(name, nodes).map(([n, args]): Syntax => ({ kind: 'call', name: n, args, ...AT })),
      fc
        .tuple(node, name, nodes)
        .map(([operand, n, args]): Syntax => ({ kind: 'method', operand, name: n, nameStart: 0, args, ...AT })),
      nodes.map((elements): Syntax => ({ kind: 'list', elements, ...AT })),
      fc
        .array(fc.record({ key: node, value: node }), { maxLength: 2 })
        .map((entries): Syntax => ({ kind: 'map', entries, ...AT })),
      fc.tuple(fc.constantFrom('!', '-'), node).map(([op, operand]): Syntax => ({ kind: 'unary', op, operand, ...AT })),
      fc
        .tuple(fc.constantFrom(...OPERATORS), node, node)
        .map(([op, left, right]): Syntax => ({ kind: 'binary', op, opStart: 0, left, right, ...AT })),
      fc.tuple(node, node, node).map(
        ([condition, whenTrue, whenFalse]): Syntax => ({
          kind: 'conditional',
          condition,
          whenTrue,
          whenFalse,
          ...AT,
        }),
      ),
    ),
  }
})

/** A tree without places; a field is the same by its name in brackets (but not a column, `row["x"]`). */
function meaning(node: Syntax): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (['start', 'end', 'nameStart', 'opStart'].includes(key)) return undefined
    if (typeof value === 'bigint') return `${value}`
    if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'index') return value
    const { operand, index, optional } = value as Syntax & { readonly kind: 'index' }
    if (index.kind !== 'string' || optional || (operand.kind === 'name' && operand.name === 'row')) return value
    return { kind: 'member', operand, name: index.value }
  })
}

function read(written: string): Syntax {
  const { value, diagnostics } = parseExpression(written, place)
  if (value === undefined) throw new Error(`${written}: ${diagnostics.map((d) => d.message).join(' ')}`)
  return value
}

it('any tree is printed as CEL that reads back to it, and is printed the same again', () => {
  fc.assert(
    fc.property(any, (tree) => {
      const printed = printSyntax(tree)
      const again = read(printed)
      expect(meaning(again), printed).toBe(meaning(tree))
      expect(printSyntax(again)).toBe(printed)
    }),
    { numRuns: Number(process.env['PLUMB_FUZZ_PRINT'] ?? 2000), seed: 3 },
  )
})
