import { bytesText, doubleText, quoted } from '../../expr/print/text.ts'
import { isPlainName } from '../../expr/parse/token.ts'
import type { Syntax } from '../../expr/syntax.ts'
import {
  COLUMN,
  IS_NOT_NULL,
  IS_NULL,
  NAMESPACES,
  OPERATORS,
  PHRASE,
  PRIMARY,
  QUANTIFIERS,
  UNARY,
} from './operators.ts'
import { type Phrase, phraseOf, RELATIONS } from './phrases.ts'

/** An expression, as it is written → the same in English. */
export function speak(node: Syntax): string {
  return at(node, 0)
}

/** With parentheses where it binds less than what is around it. */
function at(node: Syntax, above: number): string {
  const [text, strength] = said(node)
  return strength < above ? `(${text})` : text
}

type Said = readonly [text: string, strength: number]

function said(node: Syntax): Said {
  switch (node.kind) {
    case 'int':
      return [String(node.value), PRIMARY]
    case 'double':
      return [doubleText(node.value), PRIMARY]
    case 'uint':
      return [`${node.value}u`, PRIMARY]
    case 'string':
      return [quoted(node.value), PRIMARY]
    case 'bytes':
      return [bytesText(node.value), PRIMARY]
    case 'bool':
      return [String(node.value), PRIMARY]
    case 'null':
      return ['nothing', PRIMARY]
    case 'name':
      return [`\`${node.name}\``, PRIMARY]
    case 'member': {
      const path = pathOf(node)
      const own = `${at(node.operand, PRIMARY)} its ${node.optional ? 'optional ' : ''}\`${node.name}\``
      return [path === undefined ? own : `\`${path}\``, PRIMARY]
    }
    case 'index':
      // A column by its name in quotes.
      if (node.operand.kind === 'name' && node.operand.name === 'row' && node.index.kind === 'string' && !node.optional)
        return [`${COLUMN} ${quoted(node.index.value)}`, PRIMARY]
      return [`${at(node.operand, PRIMARY)}[${node.optional ? 'optional ' : ''}${speak(node.index)}]`, PRIMARY]
    case 'list':
      return [
        `[${node.elements.map((element, i) => `${marked(node.optional, i)}${speak(element)}`).join(', ')}]`,
        PRIMARY,
      ]
    case 'map':
      return [
        `{${node.entries.map(({ key, value }, i) => `${marked(node.optional, i)}${speak(key)}: ${speak(value)}`).join(', ')}}`,
        PRIMARY,
      ]
    case 'unary':
      return [node.op === '!' ? `not ${at(node.operand, UNARY)}` : `minus ${at(node.operand, UNARY)}`, UNARY]
    case 'conditional':
      return [`if ${at(node.condition, 1)} then ${at(node.whenTrue, 1)} otherwise ${at(node.whenFalse, 0)}`, 0]
    case 'binary':
      return binary(node)
    case 'call':
      return (
        applied(phraseOf(node.name, node.args.length, false), node.args) ?? [
          called(`\`${node.name}\``, node.args),
          PRIMARY,
        ]
      )
    case 'method':
      return (
        macro(node) ??
        inNamespace(node) ??
        applied(phraseOf(node.name, node.args.length + 1, true), [node.operand, ...node.args]) ?? [
          `${at(node.operand, PRIMARY)} its ${called(`\`${node.name}\``, node.args)}`,
          PRIMARY,
        ]
      )
  }
}

const marked = (optional: readonly number[] | undefined, i: number): string =>
  optional?.includes(i) === true ? 'optional ' : ''

function binary(node: Syntax & { readonly kind: 'binary' }): Said {
  const { words, strength } = OPERATORS[node.op]
  if (node.right.kind === 'null' && (node.op === '==' || node.op === '!='))
    return [`${at(node.left, strength)} ${node.op === '==' ? IS_NULL : IS_NOT_NULL}`, strength]
  return [`${at(node.left, strength)} ${words} ${at(node.right, strength + 1)}`, strength]
}

/** `a.b.c` where nothing but names is on the way. */
function pathOf(node: Syntax): string | undefined {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'member' || node.optional || !isPlainName(node.name)) return undefined
  const path = pathOf(node.operand)
  return path === undefined ? undefined : `${path}.${node.name}`
}

function applied(phrase: Phrase | undefined, args: readonly Syntax[]): Said | undefined {
  if (phrase === undefined) return undefined
  const between = RELATIONS.includes(phrase)
  const inner = between ? OPERATORS['+'].strength : PHRASE
  const words = phrase.parts.map((part) =>
    typeof part === 'string' ? part : at(args[part] as Syntax, between && part === 0 ? OPERATORS['<'].strength : inner),
  )
  return [words.join(' '), between ? OPERATORS['<'].strength : PHRASE]
}

/** `x.all(v, body)` and its like, and `cel.bind(v, value, body)`. */
function macro({ operand, name, args }: Syntax & { readonly kind: 'method' }): Said | undefined {
  const variables = args.slice(0, -1)
  const body = args.at(-1)
  if (body === undefined) return undefined
  const [variable, value] = args
  if (operand.kind === 'name' && operand.name === 'cel' && name === 'bind' && args.length === 3)
    return variable?.kind === 'name' && value !== undefined
      ? [`let \`${variable.name}\` be ${at(value, 1)} in ${speak(body)}`, 0]
      : undefined
  const quantifier = QUANTIFIERS.find((each) => each.name === name)
  if (quantifier === undefined || variables.length < 1 || variables.length > 2) return undefined
  const names = variables.flatMap((each) => (each.kind === 'name' ? [`\`${each.name}\``] : []))
  if (names.length < variables.length) return undefined
  return [`${quantifier.words} ${names.join(' and ')} of ${at(operand, UNARY)}: ${speak(body)}`, 0]
}

/** `math.abs(x)`: a phrase, or a function by its whole name. */
function inNamespace({ operand, name, args }: Syntax & { readonly kind: 'method' }): Said | undefined {
  if (operand.kind !== 'name' || !NAMESPACES.includes(operand.name) || !isPlainName(name)) return undefined
  const phrase = phraseOf(name, args.length, false, operand.name)
  return applied(phrase, args) ?? [called(`\`${operand.name}.${name}\``, args), PRIMARY]
}

const called = (name: string, args: readonly Syntax[]): string => `${name}(${args.map(speak).join(', ')})`
