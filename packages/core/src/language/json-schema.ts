import { specFormat } from './format.ts'
import type { JsonSchema } from './reader/reader.ts'

/**
 * The JSON Schema (draft 2020-12) of the format, from the same tables that read it, for editors. It is wider than the
 * reader in places (names, paths and expressions are only texts to it), never narrower.
 */
export function specJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Plumbline spec, language version 1',
    ...specFormat.schema,
  }
}
