/** Texts that a spec or data may hold and that must come out as texts: markup, quotes, controls, direction, length. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '--><!--',
  ']]>',
  '</style></title></textarea>',
  'javascript:alert(1)',
  '\u202Eevil\u202C \u2066x\u2069 \u200Bzero',
  'bell\u0007 esc\u001B[31m nul\u0000 cr\r\nlf\ttab\u0085\u2028',
  '\uD800 lone \uFFFE \uFFFF',
  '`code` | cell | **bold** [link](http://x) ![i](http://x) @everyone #1 ~~~ $x$',
  '日本語テキスト 한국어 😀 e\u0301',
  '${7*7} {{x}} <%= x %> &lt; &amp;',
  '\\| \\` \\\\',
  'long '.repeat(3000),
]

/** The same value with every text inside it replaced; `keep` says which texts (enumerations, digests) stay. */
export function withTexts<T>(
  value: T,
  replace: (text: string, path: readonly string[]) => string,
  path: readonly string[] = [],
): T {
  if (typeof value === 'string') return replace(value, path) as T
  if (Array.isArray(value)) return value.map((item: unknown, i) => withTexts(item, replace, [...path, String(i)])) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withTexts(item as unknown, replace, [...path, key])]),
  ) as T
}

/** Members whose texts are of a closed list, or tie records together: replacing them would make another case, not a hostile one. */
const CLOSED = new Set([
  'kind',
  'node',
  'fn',
  'op',
  'form',
  'stage',
  'severity',
  'verdict',
  'reason',
  'origin',
  'missing',
  'schema',
  'type',
  'columnType',
  'role',
  'mostly',
  'code',
  'models',
  'data',
  'task',
  'digest',
  'id',
  'clause',
  'relation',
  'dataset',
  'model',
  'at',
  'from',
])

/** Puts hostile texts, one after the other, into everything that a spec, data or model can spell freely. */
export function makeHostile<T>(value: T): T {
  let turn = 0
  return withTexts(value, (text, path) => {
    if (
      path.some((key) => CLOSED.has(key)) ||
      path.includes('expr') ||
      path.includes('condition') ||
      path.includes('must')
    )
      return text
    turn++
    return HOSTILE[turn % HOSTILE.length] ?? text
  })
}
