/** The contract of `plumb import --json`. */
import type { ImportJson } from '../../packages/cli/src/verbs/import.ts'
import { COUNT, document, type JsonSchema, listOf, objectOf, oneOfTexts, ref, TEXT } from './json-schema.ts'
import type { ImportedItem, ImportOutcome } from '../../packages/importers/src/draft/imported.ts'

/** The published schema of what `plumb import --json` prints. */
export const importSchema: JsonSchema = document(
  'import',
  'What `plumb import --json` prints, format 1: what became of each check of the other tool',
  objectOf<ImportJson>(
    {
      schema: { const: 'plumbline/import/1' },
      spec: TEXT,
      format: TEXT,
      counts: objectOf<ImportJson['counts']>({ imported: COUNT, changed: COUNT, trivial: COUNT, refused: COUNT }, {}),
      items: listOf(ref('item')),
      notes: listOf(TEXT),
    },
    {},
  ),
  {
    item: objectOf<ImportedItem>(
      {
        what: TEXT,
        where: TEXT,
        about: TEXT,
        outcome: oneOfTexts<ImportOutcome>({ imported: true, changed: true, trivial: true, refused: true }),
        clauses: listOf(TEXT),
        notes: listOf(TEXT),
      },
      {},
    ),
  },
)
