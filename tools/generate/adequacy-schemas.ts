/** The published schemas of what `plumb trace`, `plumb gaps` and `plumb mutate` print. */
import type {
  TracedClause,
  TracedQuestion,
  TracedRequirement,
  TraceMatrix,
} from '../../packages/core/src/adequacy/matrix.ts'
import type { ForeignResult } from '../../packages/core/src/adequacy/foreign/foreign-result.ts'
import type { Program } from '../../packages/core/src/clause/program.ts'
import {
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from '../../packages/core/src/evidence/json-schema.ts'
import { evidenceDefinitions } from '../../packages/core/src/evidence/schema.ts'
import type { Traced } from '../../packages/cli/src/verbs/trace.ts'

const spec = objectOf<Program['spec']>({ name: TEXT, version: TEXT, digest: DIGEST }, {})
const stage = { enum: ['data', 'model', 'release', 'runtime'] }
const severity = { enum: ['block', 'warn', 'info'] }

const foreign: JsonSchema = objectOf<ForeignResult>(
  {
    tool: oneOfTexts<ForeignResult['tool']>({ junit: true, 'great-expectations': true, deepchecks: true }),
    name: { type: 'string' },
    verdict: oneOfTexts<ForeignResult['verdict']>({ satisfied: true, violated: true, error: true, skipped: true }),
    clauses: listOf(TEXT),
  },
  { by: oneOfTexts<NonNullable<ForeignResult['by']>>({ tag: true, name: true }), detail: TEXT },
)

/** The published schema of `plumb trace --json`. */
export const traceSchema = document(
  'trace',
  'What `plumb trace --json` prints, format 1',
  objectOf<Traced>(
    {
      schema: { const: 'plumbline/trace/1' },
      spec,
      linked: FLAG,
      requirements: listOf(
        objectOf<TracedRequirement>(
          {
            id: TEXT,
            says: TEXT,
            state: oneOfTexts<TracedRequirement['state']>({
              uncovered: true,
              failing: true,
              suspect: true,
              covered: true,
              verified: true,
            }),
            clauses: listOf(
              objectOf<TracedClause>(
                {
                  clause: TEXT,
                  severity,
                  suspect: FLAG,
                  questions: listOf(
                    objectOf<TracedQuestion>(
                      { relation: TEXT, slice: TEXT, stage, stale: FLAG },
                      { verdict: ref('verdict'), reason: TEXT, evidence: DIGEST },
                    ),
                  ),
                  foreign: listOf(ref('foreign')),
                },
                {},
              ),
            ),
          },
          { source: TEXT, owner: TEXT },
        ),
      ),
      orphans: objectOf<TraceMatrix['orphans']>(
        {
          clauses: listOf(TEXT),
          links: listOf(objectOf<TraceMatrix['orphans']['links'][number]>({ requirement: TEXT, clause: TEXT }, {})),
          results: listOf(ref('foreign')),
        },
        {},
      ),
    },
    {},
  ),
  { foreign, verdict: evidenceDefinitions['verdict'] as JsonSchema },
)
