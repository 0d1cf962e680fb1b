import type { Span } from '../source/span.ts'

/** Maps offsets of an expression's own text to the file it is written in; the YAML layer provides it. */
export interface ExprPlace {
  span(start: number, end: number): Span
}

/** Binary operators of CEL. */
export type BinaryOperator = '||' | '&&' | '<' | '<=' | '>' | '>=' | '==' | '!=' | 'in' | '+' | '-' | '*' | '/' | '%'

/** An expression as it is written, before names and types are known. Parentheses leave no trace. */
export type Syntax =
  | IntSyntax
  | DoubleSyntax
  | UintSyntax
  | StringSyntax
  | BytesSyntax
  | BoolSyntax
  | NullSyntax
  | NameSyntax
  | MemberSyntax
  | IndexSyntax
  | CallSyntax
  | MethodSyntax
  | ListSyntax
  | MapSyntax
  | UnarySyntax
  | BinarySyntax
  | ConditionalSyntax

/** Half-open range of UTF-16 offsets in the text of the expression. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** What the value of a parameter becomes: a literal, a quantity, or a minus before one. */
interface OfParameter extends Range {
  /** The parameter that stands in the text here. */
  readonly param?: string
}

/** A non-negative whole number up to 2^63; a minus is an operator of its own. */
export interface IntSyntax extends OfParameter {
  readonly kind: 'int'
  readonly value: bigint
}

/** `5u`: an unsigned whole number. */
export interface UintSyntax extends Range {
  readonly kind: 'uint'
  readonly value: bigint
}

/** `b"…"`: octets, a text in UTF-8; one character an octet. */
export interface BytesSyntax extends Range {
  readonly kind: 'bytes'
  readonly value: string
}

/** A decimal number without sign. */
export interface DoubleSyntax extends OfParameter {
  readonly kind: 'double'
  readonly value: number
}

/** A text in quotes, its escapes resolved. */
export interface StringSyntax extends OfParameter {
  readonly kind: 'string'
  readonly value: string
}

/** `true` or `false`. */
export interface BoolSyntax extends OfParameter {
  readonly kind: 'bool'
  readonly value: boolean
}

/** `null`. */
export interface NullSyntax extends Range {
  readonly kind: 'null'
}

/** A bare name: a column, a bound variable, a relation, a model. */
export interface NameSyntax extends Range {
  readonly kind: 'name'
  readonly name: string
}

/** `operand.name`. */
export interface MemberSyntax extends Range {
  readonly kind: 'member'
  readonly operand: Syntax
  readonly name: string
  readonly nameStart: number
  /** `operand.?name`. */
  readonly optional?: true
}

/** `operand[index]`. */
export interface IndexSyntax extends Range {
  readonly kind: 'index'
  readonly operand: Syntax
  readonly index: Syntax
  /** `operand[?index]`. */
  readonly optional?: true
}

/** `name(args)`. */
export interface CallSyntax extends OfParameter {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Syntax[]
}

/** `operand.name(args)`; `math.abs(x)` has this form, too. */
export interface MethodSyntax extends Range {
  readonly kind: 'method'
  readonly operand: Syntax
  readonly name: string
  readonly nameStart: number
  readonly args: readonly Syntax[]
}

/** `[a, b]`. */
export interface ListSyntax extends Range {
  readonly kind: 'list'
  readonly elements: readonly Syntax[]
  /** Places of elements written `?e`. */
  readonly optional?: readonly number[]
}

/** `{a: b}`. */
export interface MapSyntax extends Range {
  readonly kind: 'map'
  readonly entries: readonly { readonly key: Syntax; readonly value: Syntax }[]
  /** Places of entries written `?k: v`. */
  readonly optional?: readonly number[]
}

/** `!a` or `-a`. */
export interface UnarySyntax extends OfParameter {
  readonly kind: 'unary'
  readonly op: '!' | '-'
  readonly operand: Syntax
}

/** `a op b`. */
export interface BinarySyntax extends Range {
  readonly kind: 'binary'
  readonly op: BinaryOperator
  readonly opStart: number
  readonly left: Syntax
  readonly right: Syntax
}

/** `a ? b : c`. */
export interface ConditionalSyntax extends Range {
  readonly kind: 'conditional'
  readonly condition: Syntax
  readonly whenTrue: Syntax
  readonly whenFalse: Syntax
}

/** The direct parts of a node, left to right. */
export function partsOf(node: Syntax): readonly Syntax[] {
  switch (node.kind) {
    case 'member':
    case 'unary':
      return [node.operand]
    case 'index':
      return [node.operand, node.index]
    case 'call':
      return node.args
    case 'method':
      return [node.operand, ...node.args]
    case 'list':
      return node.elements
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value])
    case 'binary':
      return [node.left, node.right]
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse]
    default:
      return []
  }
}
