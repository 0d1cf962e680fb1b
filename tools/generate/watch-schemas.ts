/** What `plumb watch` prints for machines, and what it sends to webhooks. */
import type { Verdict } from '../../packages/core/src/evidence/evidence.ts'
import {
  caseOf,
  COUNT,
  DIGEST,
  document,
  type JsonSchema,
  NUMBER,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
  TIME,
} from './json-schema.ts'
import { evidenceDefinitions } from '../../packages/core/src/evidence/schema.ts'
import type { WatchLine } from '../../packages/cli/src/watching/lines.ts'
import type { Alert } from '../../packages/runner/src/alerts/alert.ts'

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const SPAN: JsonSchema = { type: 'string', pattern: '^[0-9]{4}-[^/]+Z/[0-9]{4}-[^/]+Z$' }

const alert = objectOf<Alert>(
  {
    schema: { const: 'plumbline/alert/1' },
    id: DIGEST,
    status: oneOfTexts<Alert['status']>({ violated: true, resolved: true }),
    system: objectOf<Alert['system']>({ name: TEXT, version: TEXT }, {}),
    clause: TEXT,
    says: TEXT,
    severity: ref('severity'),
    relation: TEXT,
    slice: TEXT,
    model: orNull(TEXT),
    window: orNull(SPAN),
    condition: TEXT,
    measured: orNull({ anyOf: [NUMBER, TEXT, { type: 'boolean' }] }),
    since: TIME,
    at: TIME,
    evidence: DIGEST,
  },
  {
    because: oneOfTexts<NonNullable<Alert['because']>>({ satisfied: true, 'version-replaced': true }),
    clock: { const: 'simulated' },
  },
)

/** The published schema of an alert, the body of a webhook. */
export const alertSchema: JsonSchema = document('alert', 'Alert, format 1: the body of a webhook', alert, {
  severity: evidenceDefinitions['severity'],
})

/** By `event`: a line that is added to the type fails to type-check until it is here. */
const lines: Readonly<Record<WatchLine['event'], JsonSchema>> = {
  decided: caseOf(
    'event',
    'decided',
    {
      at: TIME,
      id: DIGEST,
      clause: TEXT,
      relation: TEXT,
      slice: TEXT,
      window: orNull(SPAN),
      model: orNull(TEXT),
      severity: ref('severity'),
      verdict: oneOfTexts<Verdict>({ satisfied: true, violated: true, inconclusive: true, error: true, skipped: true }),
      reason: orNull(TEXT),
      supersedes: orNull(DIGEST),
    },
    {},
  ),
  labels: caseOf('event', 'labels', { window: SPAN, arrived: COUNT, of: COUNT }, {}),
  'late-rows': caseOf('event', 'late-rows', { window: SPAN, rows: COUNT }, {}),
  'future-rows': caseOf('event', 'future-rows', { rows: COUNT }, {}),
  'absent-segments': caseOf('event', 'absent-segments', { segments: COUNT }, {}),
  problem: caseOf('event', 'problem', { reason: TEXT, cause: TEXT }, {}),
  alert: caseOf('event', 'alert', { alert: ref('alert') }, {}),
  delivery: caseOf(
    'event',
    'delivery',
    { outcome: { enum: ['sent', 'waits', 'given-up'] }, receiver: TEXT, alert: DIGEST, reason: orNull(TEXT) },
    {},
  ),
  pass: caseOf('event', 'pass', { position: TEXT, written: COUNT, problems: COUNT }, {}),
}

/** The published schema of a line of `plumb watch --json`. */
export const watchSchema: JsonSchema = document(
  'watch',
  'A line of `plumb watch --json`, format 1',
  { oneOf: Object.values(lines) },
  { alert, severity: evidenceDefinitions['severity'] },
)
