import type { Fields } from '../text/json.ts'

const PARTS =
  /\s+|#[^\n]*|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?f?|-?inf(?:inity)?)|(?<sign>[{}:<>[\],;])/y

/** A message written as text, or how many characters of it could be read. */
export type TextProto = { readonly fields: Fields } | { readonly readUpTo: number }

interface Token {
  readonly kind: string
  readonly value: string
  /** Where it begins. */
  readonly start: number
}

/** What is read, and where in it; `fault` is where it can be read no further. */
interface Reader {
  readonly tokens: readonly Token[]
  at: number
  fault: number | undefined
}

/** Levels of messages within each other; schemas have some five. */
const DEEPEST = 50

/** Reads a message written as text (the text format of protocol buffers); every field is the list of its values. */
export function readTextProto(source: string): TextProto {
  const tokens: Token[] = []
  PARTS.lastIndex = 0
  while (PARTS.lastIndex < source.length) {
    const start = PARTS.lastIndex
    const groups = PARTS.exec(source)?.groups
    if (groups === undefined) return { readUpTo: start }
    const found = Object.entries(groups).find(([, value]) => value !== undefined)
    if (found !== undefined) tokens.push({ kind: found[0], value: String(found[1]), start })
  }
  const reader: Reader = { tokens, at: 0, fault: undefined }
  const fields = readMessage(reader, source.length, 0)
  const left = tokens[reader.at]
  if (reader.fault !== undefined) return { readUpTo: reader.fault }
  if (left !== undefined) return { readUpTo: left.start }
  return Object.keys(fields).length > 0 ? { fields } : { readUpTo: 0 }
}

function readMessage(reader: Reader, end: number, depth: number): Fields {
  const { tokens } = reader
  const fields = new Map<string, unknown[]>()
  const fail = (): void => void (reader.fault ??= tokens[reader.at]?.start ?? end)
  while (reader.fault === undefined) {
    const name = tokens[reader.at]
    if (name?.kind !== 'name') break
    reader.at++
    if (tokens[reader.at]?.value === ':') reader.at++
    const next = tokens[reader.at]
    const list = fields.get(name.value) ?? []
    if (next?.kind !== 'sign') {
      if (next === undefined) fail()
      else list.push(plain(next))
      reader.at++
    } else if (next.value === '{' || next.value === '<') {
      reader.at++
      if (depth >= DEEPEST) fail()
      else list.push(readMessage(reader, end, depth + 1))
      if (tokens[reader.at]?.value !== (next.value === '{' ? '}' : '>')) fail()
      reader.at++
    } else if (next.value === '[') readList(reader, list, fail)
    else fail()
    while ([',', ';'].includes(tokens[reader.at]?.value ?? '')) reader.at++
    fields.set(name.value, list)
  }
  return Object.fromEntries(fields)
}

/** The plain values between brackets. */
function readList(reader: Reader, list: unknown[], fail: () => void): void {
  for (reader.at++; reader.tokens[reader.at]?.value !== ']'; reader.at++) {
    const each = reader.tokens[reader.at]
    if (each === undefined || (each.kind === 'sign' && each.value !== ',')) return fail()
    if (each.value !== ',') list.push(plain(each))
  }
  reader.at++
}

function plain({ kind, value }: Token): unknown {
  if (kind === 'text') return value.slice(1, -1).replaceAll(/\\(.)/g, '$1')
  if (/^-?inf(inity)?f?$/.test(value)) return value.startsWith('-') ? -Infinity : Infinity
  if (kind === 'number') return Number(value.replace(/f$/, ''))
  return value === 'true' ? true : value === 'false' ? false : value
}
