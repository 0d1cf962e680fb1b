import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { publishedSchemas } from '../../tools/generate/schemas.ts'

/** What is wrong with a value, by a published schema; empty when nothing is. */
export type Judge = (schema: string, value: unknown) => readonly string[]

/** Compiles every published schema in ajv's strict mode: an unknown keyword or a type mistake in one is an error. */
export function schemaJudge(): Judge {
  // A union of types in one keyword is what the contracts say (`number | string | boolean | null`).
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: false })
  const compiled = new Map<string, ValidateFunction>()
  for (const [name, schema] of Object.entries(publishedSchemas())) compiled.set(name, ajv.compile(schema))
  return (schema, value) => {
    const validate = compiled.get(schema)
    if (validate === undefined) return [`there is no schema ${schema}`]
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      (e) => `${e.instancePath}: ${e.message ?? e.keyword} ${JSON.stringify(e.params)}`,
    )
  }
}
