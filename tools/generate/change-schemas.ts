/** The contract of `plumb diff --json`. */
import type { Change, Facet, VersionChange } from '../../packages/core/src/change/change.ts'
import {
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from './json-schema.ts'
import { evidenceDefinitions } from '../../packages/core/src/evidence/schema.ts'

const spec = objectOf<{ readonly name: string; readonly version: string; readonly digest: string }>(
  { name: TEXT, version: TEXT, digest: DIGEST },
  {},
)

/** The published schema of what `plumb diff --json` prints. */
export const diffSchema: JsonSchema = document(
  'diff',
  'What `plumb diff --json` prints, format 1',
  {
    type: 'object',
    properties: {
      schema: { const: 'plumbline/diff/1' },
      before: spec,
      after: spec,
      version: objectOf<VersionChange>(
        {
          before: TEXT,
          after: TEXT,
          required: oneOfTexts<VersionChange['required']>({ major: true, minor: true, patch: true, none: true }),
          enough: FLAG,
        },
        { least: TEXT },
      ),
      unchanged: COUNT,
      changes: listOf(ref('change')),
    },
    required: ['schema', 'before', 'after', 'version', 'unchanged', 'changes'],
    additionalProperties: false,
  },
  {
    severity: evidenceDefinitions['severity'],
    facet: objectOf<Facet>(
      {
        name: TEXT,
        order: oneOfTexts<Facet['order']>({ same: true, weaker: true, stronger: true, incomparable: true }),
      },
      { before: TEXT, after: TEXT, note: TEXT, witness: TEXT },
    ),
    change: objectOf<Change>(
      {
        id: TEXT,
        subject: oneOfTexts<Change['subject']>({ clause: true, setting: true }),
        kind: oneOfTexts<Change['kind']>({
          added: true,
          removed: true,
          weakened: true,
          strengthened: true,
          reworded: true,
          incomparable: true,
          unchanged: true,
        }),
        severity: objectOf<Change['severity']>({}, { before: ref('severity'), after: ref('severity') }),
        facets: listOf(ref('facet')),
      },
      { says: TEXT, coveredBy: listOf(TEXT) },
    ),
  },
)
