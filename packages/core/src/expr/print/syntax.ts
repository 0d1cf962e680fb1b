import type { Syntax } from '../syntax.ts'
import { bytesText, doubleText, fieldText, memberText, quoted, STRENGTH } from './text.ts'

/** Names to be written as something else: `column` of a macro as the column it stands for. */
export type Renaming = ReadonlyMap<string, string>

const NONE: Renaming = new Map()

/** Untyped tree → canonical CEL text. */
export function printSyntax(node: Syntax, renaming: Renaming = NONE): string {
  return print(node, 0, renaming)
}

function print(node: Syntax, above: number, names: Renaming): string {
  const [text, strength] = plain(node, names)
  return strength < above ? `(${text})` : text
}

function plain(node: Syntax, names: Renaming): readonly [text: string, strength: number] {
  const member = STRENGTH['member'] ?? 0
  const list = (nodes: readonly Syntax[]): string => nodes.map((n) => print(n, 0, names)).join(', ')
  switch (node.kind) {
    case 'int':
      return [String(node.value), member]
    case 'double':
      return [doubleText(node.value), member]
    case 'uint':
      return [`${node.value}u`, member]
    case 'string':
      return [quoted(node.value), member]
    case 'bytes':
      return [bytesText(node.value), member]
    case 'bool':
      return [String(node.value), member]
    case 'null':
      return ['null', member]
    case 'name':
      return [names.get(node.name) ?? node.name, member]
    case 'member':
      return [`${print(node.operand, member, names)}${memberText(node.name, node.optional)}`, member]
    case 'index':
      return node.index.kind === 'string' &&
        !node.optional &&
        !(node.operand.kind === 'name' && node.operand.name === 'row')
        ? [`${print(node.operand, member, names)}${fieldText(node.index.value)}`, member]
        : [`${print(node.operand, member, names)}[${node.optional ? '?' : ''}${print(node.index, 0, names)}]`, member]
    case 'call':
      return [`${node.name}(${list(node.args)})`, member]
    case 'method':
      return [`${print(node.operand, member, names)}.${node.name}(${list(node.args)})`, member]
    case 'list':
      return [
        `[${node.elements.map((e, i) => `${node.optional?.includes(i) ? '?' : ''}${print(e, 0, names)}`).join(', ')}]`,
        member,
      ]
    case 'map':
      return [
        `{${node.entries.map((e, i) => `${node.optional?.includes(i) ? '?' : ''}${print(e.key, 0, names)}: ${print(e.value, 0, names)}`).join(', ')}}`,
        member,
      ]
    case 'unary': {
      const strength = STRENGTH['unary'] ?? 0
      return [`${node.op}${print(node.operand, strength, names)}`, strength]
    }
    case 'binary': {
      const strength = STRENGTH[node.op] ?? 0
      return [`${print(node.left, strength, names)} ${node.op} ${print(node.right, strength + 1, names)}`, strength]
    }
    case 'conditional':
      return [
        `${print(node.condition, 1, names)} ? ${print(node.whenTrue, 1, names)} : ${print(node.whenFalse, 0, names)}`,
        0,
      ]
  }
}
