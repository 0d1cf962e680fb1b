/** The contracts of `plumb test`: what `--json` prints, and the baseline it keeps. */
import type { Baseline } from '../../packages/cli/src/reporters/baseline.ts'
import { COUNT, DIGEST, document, type JsonSchema, listOf, mapOf, objectOf, ref, TEXT } from './json-schema.ts'
import { evidenceDefinitions } from '../../packages/core/src/evidence/schema.ts'
import type { Verdict } from '../../packages/core/src/evidence/evidence.ts'

interface ObjectSchema {
  readonly properties: JsonSchema
  readonly required: readonly string[]
}

/** A statement as `test --json` prints it: beside it its id and how it was run. */
function printed(name: string): JsonSchema {
  const { properties, required, ...rest } = evidenceDefinitions[name] as ObjectSchema & JsonSchema
  return {
    ...rest,
    properties: { id: DIGEST, ...properties, run: ref('run') },
    required: ['id', ...required, 'run'],
  }
}

const VERDICTS = ['decided', 'inconclusive', 'failed', 'skipped'] as const
const { evidence: _envelope, statement: _statement, ...definitions } = evidenceDefinitions

/** The published schema of what `plumb test --json` prints. */
export const testSchema: JsonSchema = document(
  'test',
  'What `plumb test --json` prints, format 1',
  {
    type: 'object',
    properties: {
      schema: { const: 'plumbline/test/1' },
      spec: objectOf<{ readonly name: string; readonly version: string; readonly digest: string }>(
        { name: TEXT, version: TEXT, digest: DIGEST },
        {},
      ),
      evidence: listOf({ oneOf: VERDICTS.map(ref) }),
      summary: objectOf<{
        readonly clauses: Readonly<Record<string, Verdict>>
        readonly counts: Readonly<Record<Verdict, number>>
      }>(
        {
          clauses: mapOf(ref('verdict')),
          counts: objectOf<Readonly<Record<Verdict, number>>>(
            { satisfied: COUNT, violated: COUNT, inconclusive: COUNT, error: COUNT, skipped: COUNT },
            {},
          ),
        },
        {},
      ),
    },
    required: ['schema', 'spec', 'evidence', 'summary'],
    additionalProperties: false,
  },
  { ...definitions, ...Object.fromEntries(VERDICTS.map((name) => [name, printed(name)])) },
)

/** The published schema of the file that `plumb test --baseline` writes and reads. */
export const baselineSchema: JsonSchema = document(
  'baseline',
  'A baseline of accepted violations, format 1',
  objectOf<Baseline>(
    {
      schema: { const: 'plumbline/baseline/1' },
      violations: listOf(
        objectOf<Baseline['violations'][number]>(
          { clause: TEXT, relation: TEXT, slice: TEXT, failing: { oneOf: [COUNT, { type: 'null' }] } },
          {},
        ),
      ),
    },
    {},
  ),
)
