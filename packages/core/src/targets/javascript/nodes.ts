import type { Literal } from '../../expr/expr.ts'
import { integerLiteral, type Js, join, js, jsonLiteral, numberLiteral } from './js.ts'

/** How JavaScript says the nodes that are not functions. `t`, `l`, `r` are variables; an error is an object. */
export interface JavascriptNodes {
  /** Reads the own property of the row. */
  readonly cell: (row: Js, column: string) => Js
  /** Whether the cell is missing: `read` is a variable or an assignment to `t`; only numbers can be NaN. */
  readonly isMissing: (read: Js, t: Js, numeric: boolean) => Js
  /** `and`, `or` where the left side is never an error. */
  readonly decided: (node: 'and' | 'or', left: Js, right: Js) => Js
  readonly and: (left: Js, right: Js, l: Js, r: Js) => Js
  readonly or: (left: Js, right: Js, l: Js, r: Js) => Js
  readonly conditional: (condition: Js, c: Js, then: Js, otherwise: Js) => Js
  /** Whether a value is one of the elements; `numeric` ones may be a number on one side and a bigint on the other. */
  readonly inList: (value: Js, elements: readonly Literal[], numeric: boolean) => Js
  /** Whether a text matches; `test` is the function that a pattern became. */
  readonly matches: (value: Js, test: Js) => Js
}

/** A literal: ints, timestamps and durations as number or bigint. */
export function literal(node: Literal): Js {
  const { type, value } = node
  if (value === null) return js`null`
  switch (type.kind) {
    case 'int':
    case 'timestamp':
    case 'duration':
      return integerLiteral(BigInt(value))
    case 'double':
      return numberLiteral(Number(value))
    default:
      return jsonLiteral(value as string | boolean)
  }
}

/** The nodes. */
export const javascriptNodes: JavascriptNodes = {
  // Names that every object inherits (`constructor`) are looked up as own properties; others cannot be inherited.
  cell: (row, column) => {
    const key = jsonLiteral(column)
    return column in Object.prototype
      ? js`(Object.hasOwn(${row}, ${key}) ? ${row}[${key}] : undefined)`
      : js`${row}[${key}]`
  },
  isMissing: (read, t, numeric) => (numeric ? js`(${read}) == null || ${t} !== ${t}` : js`(${read}) == null`),
  decided: (node, left, right) => (node === 'and' ? js`(${left} && ${right})` : js`(${left} || ${right})`),
  and: (left, right, l, r) =>
    js`((${l} = ${left}) === false || (${r} = ${right}) === false ? false : ${l} === true ? ${r} : ${l})`,
  or: (left, right, l, r) =>
    js`((${l} = ${left}) === true || (${r} = ${right}) === true ? true : ${l} === false ? ${r} : ${l})`,
  conditional: (condition, c, then, otherwise) =>
    js`((${c} = ${condition}) === true ? ${then} : ${c} === false ? ${otherwise} : ${c})`,
  inList: (value, elements, numeric) => {
    if (elements.length === 0) return js`false`
    const equals = numeric ? js`==` : js`===`
    return js`(${join(
      elements.map((element) => js`${value} ${equals} ${literal(element)}`),
      js` || `,
    )})`
  },
  matches: (value, test) => js`${test}(${value})`,
}
