/** The contract of `plumb generate --json`. */
import type { ComparedFile } from '../../packages/cli/src/generating/committed.ts'
import type { Generated } from '../../packages/cli/src/verbs/generate.ts'
import type { CaseArray, CaseOmission, ClauseDrift, EmitFormat } from '../../packages/core/src/cases/index.ts'
import {
  COUNT,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  mapOf,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from './json-schema.ts'

const format = oneOfTexts<EmitFormat>({ pytest: true, vitest: true, gherkin: true, jsonl: true })
const why = oneOfTexts<ClauseDrift['why']>({
  'new clause': true,
  'clause removed': true,
  'clause changed': true,
  domain: true,
})

/** The published schema of what `plumb generate --json` prints. */
export const generateSchema: JsonSchema = document(
  'generate',
  'What `plumb generate --json` prints, format 1',
  objectOf<Generated>(
    {
      schema: { const: 'plumbline/generate/1' },
      strength: COUNT,
      seed: TEXT,
      cases: COUNT,
      clauses: mapOf(COUNT),
      arrays: listOf(ref('array')),
      omitted: listOf(ref('omission')),
      unwritten: listOf(ref('unwritten')),
      drift: listOf(ref('drift')),
      files: listOf(ref('file')),
    },
    {},
  ),
  {
    array: objectOf<CaseArray>(
      {
        clauses: listOf(TEXT),
        factors: COUNT,
        strength: COUNT,
        rows: COUNT,
        lowerBound: COUNT,
        method: TEXT,
        feasible: COUNT,
        infeasible: COUNT,
        undecided: COUNT,
      },
      {},
    ),
    omission: objectOf<CaseOmission>({ clause: TEXT, why: TEXT }, {}),
    unwritten: objectOf<Generated['unwritten'][number]>({ clause: TEXT, why: TEXT, format }, {}),
    drift: objectOf<ClauseDrift>(
      { clause: TEXT, why, added: COUNT, removed: COUNT, kept: COUNT },
      { asked: TEXT, asks: TEXT },
    ),
    file: objectOf<ComparedFile>({ path: TEXT, changed: FLAG }, {}),
  },
)
