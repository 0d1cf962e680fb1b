/** What `plumb run --watch` and `plumb export` print for machines. */
import type { EventKind } from '../../packages/core/src/evidence/events.ts'
import { eventKinds } from '../../packages/core/src/evidence/events.ts'
import { COUNT, DIGEST, document, type JsonSchema, objectOf, oneOfTexts, TEXT, TIME } from './json-schema.ts'
import type { Exported } from '../../packages/cli/src/verbs/export.ts'
import type { LoopLine } from '../../packages/cli/src/verbs/run-watch.ts'

const kinds = Object.keys(eventKinds).filter((kind) => /^(retrain|version)\./.test(kind)) as EventKind[]

/** The published schema of a line of `plumb run --watch --json`. */
export const loopSchema: JsonSchema = document(
  'loop',
  'A line of `plumb run --watch --json`: a transition, format 1',
  objectOf<LoopLine>(
    {
      at: TIME,
      event: { enum: kinds },
      subject: TEXT,
      digest: { anyOf: [DIGEST, { const: '' }] },
    },
    {
      reason: oneOfTexts<NonNullable<LoopLine['reason']>>({
        'no-longer-asked': true,
        'version-replaced': true,
        'too-few-labels': true,
        'window-failed': true,
        'stages-failed': true,
        'no-candidate': true,
        unchanged: true,
        'taken-out-before': true,
        'candidate-changed': true,
        'gate-closed': true,
        'release-failed': true,
        'not-promoted': true,
        'not-deployed': true,
      }),
    },
  ),
)

/** The published schema of `plumb export --json`. */
export const exportSchema: JsonSchema = document(
  'export',
  'What `plumb export --json` prints, format 1',
  objectOf<Exported>(
    { served: COUNT, labelled: COUNT },
    { least: COUNT, learn: COUNT, heldOut: COUNT, out: TEXT, digest: DIGEST },
  ),
)
