import { isPlainName, keywords } from '../parse/token.ts'

/** A text as a CEL literal in double quotes. */
export function quoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  let out = '"'
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const control = code < 32 || (code >= 127 && code < 160) || code === 0x2028 || code === 0x2029
    out += escapes[char] ?? (control ? `\\u${code.toString(16).padStart(4, '0')}` : char)
  }
  return `${out}"`
}

/** A double as a CEL literal that reads back as the same double, never as an int. */
export function doubleText(value: number): string {
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** A column by name: bare where the name allows it, else `row["…"]`. */
export function columnText(name: string): string {
  return isPlainName(name) && name !== 'row' ? name : `row[${quoted(name)}]`
}

/** A field: `.name` where the name allows it, else `["…"]`. */
export function fieldText(name: string): string {
  return isPlainName(name) ? `.${name}` : `[${quoted(name)}]`
}

/** Binding strengths, weakest first; shared by both printers. */
export const STRENGTH: Readonly<Record<string, number>> = {
  '?:': 0,
  '||': 1,
  '&&': 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '==': 3,
  '!=': 3,
  in: 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  unary: 6,
  member: 7,
}

/** Octets, one character each, as a CEL literal. */
export function bytesText(value: string): string {
  const octet = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  return `b"${value.replaceAll(/[^ !#-[\]-~]/g, octet)}"`
}

/** A name after a dot, in backticks where it is no plain one. */
export function memberText(name: string, optional?: true): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.has(name)
  return `.${optional ? '?' : ''}${plain ? name : `\`${name}\``}`
}
