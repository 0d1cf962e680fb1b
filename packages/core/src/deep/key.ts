/** Of objects that were asked before: what the compiler makes is not changed afterwards, and is asked again and again. */
const known = new WeakMap<object, string>()

/**
 * Equal texts for equal plain JSON: whatever the order of its members, and without the places (`at`) in the text of a spec. Conditions
 * come from several places of the compiler, each of which writes their members in an order of its own.
 */
export function keyOfJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const before = known.get(value)
  if (before !== undefined) return before
  const text = Array.isArray(value)
    ? `[${value.map(keyOfJson).join()}]`
    : textOf(value as Readonly<Record<string, unknown>>)
  known.set(value, text)
  return text
}

function textOf(value: Readonly<Record<string, unknown>>): string {
  let text = '{'
  for (const name of Object.keys(value).sort()) {
    const part = value[name]
    if (name !== 'at' && part !== undefined) text += `${JSON.stringify(name)}:${keyOfJson(part)},`
  }
  return `${text}}`
}
