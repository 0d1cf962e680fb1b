/** Fields of a row under construction. */
export type Fields = Record<string, unknown>

/** Sets a field, also one that is called like what every object inherits a setter for. */
export function setField(fields: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') fields[name] = value
  else Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
}
