/**
 * Equal texts for equal plain JSON: whatever the order of its members, and without the places (`at`) in the text of a spec. Conditions
 * come from several places of the compiler, each of which writes their members in an order of its own.
 */
export function keyOfJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  if (Array.isArray(value)) return `[${value.map(keyOfJson).join()}]`
  let text = '{'
  for (const name of Object.keys(value).sort()) {
    const part = (value as Readonly<Record<string, unknown>>)[name]
    if (name !== 'at' && part !== undefined) text += `${JSON.stringify(name)}:${keyOfJson(part)},`
  }
  return `${text}}`
}
