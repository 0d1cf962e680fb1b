/** The contract of `plumb draft --json`. */
import type { DraftJson, DraftedColumnJson, DraftedDatasetJson } from '../../packages/cli/src/verbs/draft.ts'
import {
  COUNT,
  document,
  type JsonSchema,
  listOf,
  mapOf,
  NUMBER,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from './json-schema.ts'
import type { ClauseSupport, DraftedClause } from '../../packages/core/src/language/write/drafted.ts'

const PAIR: JsonSchema = { type: 'array', items: NUMBER, minItems: 2, maxItems: 2 }

/** The published schema of what `plumb draft --json` prints. */
export const draftSchema: JsonSchema = document(
  'draft',
  'What `plumb draft --json` prints, format 1: what the rows of data files support',
  objectOf<DraftJson>(
    {
      schema: { const: 'plumbline/draft/1' },
      spec: TEXT,
      datasets: listOf(ref('dataset')),
      todos: COUNT,
      dropped: listOf(TEXT),
    },
    {},
  ),
  {
    dataset: objectOf<DraftedDatasetJson>(
      {
        name: TEXT,
        file: TEXT,
        rows: COUNT,
        splits: mapOf(TEXT),
        columns: listOf(ref('column')),
        clauses: listOf(ref('clause')),
        questions: listOf(TEXT),
        leftOut: listOf(objectOf<{ column: string; why: string }>({ column: TEXT, why: TEXT }, {})),
      },
      { key: TEXT },
    ),
    column: objectOf<DraftedColumnJson>(
      { name: TEXT, type: TEXT, missing: COUNT },
      { mostly: TEXT, support: ref('support') },
    ),
    clause: objectOf<DraftedClause>(
      { id: TEXT, of: TEXT, says: TEXT },
      {
        every: TEXT,
        must: TEXT,
        mostly: TEXT,
        missing: { const: 'pass' },
        support: ref('support'),
        because: TEXT,
      },
    ),
    support: objectOf<ClauseSupport>(
      {
        rows: COUNT,
        held: NUMBER,
        of: oneOfTexts<ClauseSupport['of']>({ rows: true, value: true }),
        interval: PAIR,
        resamples: objectOf<ClauseSupport['resamples']>(
          {
            held: COUNT,
            of: COUNT,
            kind: oneOfTexts<ClauseSupport['resamples']['kind']>({ bootstrap: true, halves: true }),
          },
          {},
        ),
        heldOut: objectOf<ClauseSupport['heldOut']>({ rows: COUNT, held: NUMBER }, {}),
      },
      {},
    ),
  },
)
