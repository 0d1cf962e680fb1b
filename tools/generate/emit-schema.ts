/** The contract of `plumb emit --json`. */
import type { EmitJson } from '../../packages/cli/src/verbs/emit.ts'
import { COUNT, document, type JsonSchema, listOf, objectOf, oneOfTexts, ref, TEXT } from './json-schema.ts'
import type { ExportedClause } from '../../packages/importers/src/export/fact.ts'

/** The published schema of what `plumb emit --json` prints. */
export const emitSchema: JsonSchema = document(
  'emit',
  'What `plumb emit --json` prints, format 1: what became of each clause in the words of another tool',
  objectOf<EmitJson>(
    {
      schema: { const: 'plumbline/emit/1' },
      to: oneOfTexts<EmitJson['to']>({ 'great-expectations': true, odcs: true, dbt: true }),
      counts: objectOf<EmitJson['counts']>({ exported: COUNT, changed: COUNT, refused: COUNT }, {}),
      clauses: listOf(ref('clause')),
    },
    { out: TEXT, text: TEXT },
  ),
  {
    clause: objectOf<ExportedClause>(
      {
        clause: TEXT,
        outcome: oneOfTexts<ExportedClause['outcome']>({ exported: true, changed: true, refused: true }),
        notes: listOf(TEXT),
      },
      {},
    ),
  },
)
