/**
 * JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` are numbers, too (NaN is read as null: it is missing
 * here). Undefined where it is no JSON.
 */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    try {
      // 1e999 is beyond float64, hence infinite; texts stay as they are.
      const plain = source.replaceAll(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (part) =>
        part === 'NaN' ? 'null' : part.endsWith('Infinity') ? part.replace('Infinity', '1e999') : part,
      )
      return JSON.parse(plain)
    } catch {
      return undefined
    }
  }
}

/** An object of a document that was read. */
export type Fields = Readonly<Record<string, unknown>>

/** True for an object that is no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own field, where there is one. */
export function field(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** The objects of a list; those that are none are left out. */
export function fieldsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

/** The texts of a list, or of one text. */
export function textsIn(value: unknown): readonly string[] {
  return typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.filter((each) => typeof each === 'string')
      : []
}
