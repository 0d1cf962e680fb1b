import type { Fields } from '../text/json.ts'

const PARTS =
  /\s+|#[^\n]*|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?f?|-?inf(?:inity)?)|(?<sign>[{}:<>[\],;])/y

/**
 * Reads a message written as text (the text format of protocol buffers); every field is the list of its values.
 * Undefined where it is none.
 */
export function readTextProto(source: string): Fields | undefined {
  const tokens: { readonly kind: string; readonly value: string }[] = []
  PARTS.lastIndex = 0
  while (PARTS.lastIndex < source.length) {
    const groups = PARTS.exec(source)?.groups
    if (groups === undefined) return undefined
    const found = Object.entries(groups).find(([, value]) => value !== undefined)
    if (found !== undefined) tokens.push({ kind: found[0], value: String(found[1]) })
  }
  const reader = { at: 0 }
  const message = readMessage(tokens, reader, 0)
  return reader.at === tokens.length && Object.keys(message).length > 0 ? message : undefined
}

type Tokens = readonly { readonly kind: string; readonly value: string }[]

function readMessage(tokens: Tokens, reader: { at: number }, depth: number): Fields {
  const fields = new Map<string, unknown[]>()
  if (depth > 50) return {}
  for (;;) {
    const name = tokens[reader.at]
    if (name?.kind !== 'name') break
    reader.at++
    if (tokens[reader.at]?.value === ':') reader.at++
    const next = tokens[reader.at]
    if (next === undefined) break
    reader.at++
    const list = fields.get(name.value) ?? []
    if (next.value === '{' || next.value === '<') {
      list.push(readMessage(tokens, reader, depth + 1))
      if (['}', '>'].includes(tokens[reader.at]?.value ?? '')) reader.at++
    } else if (next.value === '[') {
      while (tokens[reader.at] !== undefined && tokens[reader.at]?.value !== ']') {
        const each = tokens[reader.at++]
        if (each !== undefined && each.value !== ',') list.push(plain(each))
      }
      reader.at++
    } else list.push(plain(next))
    while ([',', ';'].includes(tokens[reader.at]?.value ?? '')) reader.at++
    fields.set(name.value, list)
  }
  return Object.fromEntries(fields)
}

function plain({ kind, value }: { readonly kind: string; readonly value: string }): unknown {
  if (kind === 'text') return value.slice(1, -1).replaceAll(/\\(.)/g, '$1')
  if (/^-?inf(inity)?f?$/.test(value)) return value.startsWith('-') ? -Infinity : Infinity
  if (kind === 'number') return Number(value.replace(/f$/, ''))
  return value === 'true' ? true : value === 'false' ? false : value
}
