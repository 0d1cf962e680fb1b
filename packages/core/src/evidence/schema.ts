import type { ClauseSeverity, Form, Stage } from '../clause/clause.ts'
import type {
  ComparisonResult,
  Counterexample,
  Decided,
  Digests,
  ErrorReason,
  Evidence,
  Failed,
  Inconclusive,
  InconclusiveReason,
  Interval,
  OpenObligation,
  Proof,
  RunnerReport,
  RunInfo,
  Skipped,
  SkippedReason,
  TermValue,
  Verdict,
  Witness,
} from './evidence.ts'
import type { ScoreCurves, ScoreRange } from '../stats/curves/score-curves.ts'
import type { Assumption, AssumptionCheck } from '../stats/label-free/assumptions.ts'
import { eventKinds, type EventRecord, type SystemEvent } from './events.ts'
import {
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  mapOf,
  NUMBER,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
  TIME,
  TRUE,
} from './json-schema.ts'

/** How canonical JSON writes what JSON cannot hold: an int64 beyond ±(2^53 − 1), and a number that is not finite. */
const TAGGED = {
  int64: {
    type: 'object',
    properties: { $int64: { type: 'string', pattern: '^-?[1-9][0-9]{15,18}$' } },
    required: ['$int64'],
    additionalProperties: false,
  },
  nonFinite: {
    type: 'object',
    properties: { $number: { enum: ['NaN', 'Infinity', '-Infinity'] } },
    required: ['$number'],
    additionalProperties: false,
  },
} as const

/** Definitions shared by every document that holds numbers of evidence. */
export const valueDefinitions: JsonSchema = {
  ...TAGGED,
  measured: {
    description: 'A safe integer or finite number, a text, a boolean, null, or a tagged value.',
    oneOf: [{ type: ['number', 'string', 'boolean', 'null'] }, ref('int64'), ref('nonFinite')],
  },
  number: { description: 'A number; tagged where it is not finite.', oneOf: [NUMBER, ref('nonFinite')] },
  level: { description: 'A confidence level.', type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  interval: objectOf<Interval>({ low: ref('number'), high: ref('number'), level: ref('level'), method: TEXT }, {}),
  verdict: oneOfTexts<Verdict>({ satisfied: true, violated: true, inconclusive: true, error: true, skipped: true }),
  form: oneOfTexts<Form>({ every: true, must: true, forall: true, always: true, eventually: true, whenever: true }),
  stage: oneOfTexts<Stage>({ data: true, model: true, release: true, runtime: true }),
  severity: oneOfTexts<ClauseSeverity>({ block: true, warn: true, info: true }),
}

const measured = ref('measured')

const answer = { anyOf: [measured, mapOf(measured)] }

const parts: JsonSchema = {
  digests: objectOf<Digests>(
    {
      spec: DIGEST,
      clause: DIGEST,
      data: mapOf({ type: 'string', pattern: '^(bytes:sha256:[0-9a-f]{64}|snapshot:.+|unpinned.*)$' }),
      models: mapOf(DIGEST),
      tool: TEXT,
    },
    {},
  ),
  witness: objectOf<Witness>(
    { row: { type: 'integer', minimum: 1 }, key: mapOf(measured), cells: mapOf(measured), because: TEXT },
    {},
  ),
  term: objectOf<TermValue>(
    { expression: TEXT, value: measured, missing: COUNT },
    { interval: ref('interval'), assumptions: listOf(ref('assumption')) },
  ),
  curves: objectOf<ScoreCurves>({ ranges: listOf(ref('scoreRange')) }, {}),
  scoreRange: objectOf<ScoreRange>({ from: NUMBER, negatives: COUNT, positives: COUNT, mean: NUMBER }, {}),
  assumption: objectOf<AssumptionCheck>(
    {
      assumption: oneOfTexts<Assumption>({ reference: true, support: true, calibration: true, concept: true }),
      verdict: oneOfTexts<AssumptionCheck['verdict']>({ holds: true, fails: true, unchecked: true }),
      measured: { anyOf: [NUMBER, { type: 'null' }] },
      bound: NUMBER,
      cause: TEXT,
    },
    {},
  ),
  comparison: objectOf<ComparisonResult>(
    {
      expression: TEXT,
      left: measured,
      right: measured,
      margin: objectOf<ComparisonResult['margin']>(
        { value: { oneOf: [ref('number'), { type: 'null' }] } },
        {
          interval: objectOf<{ readonly low: number; readonly high: number }>(
            { low: ref('number'), high: ref('number') },
            {},
          ),
          level: ref('level'),
          method: TEXT,
        },
      ),
      verdict: oneOfTexts<ComparisonResult['verdict']>({ satisfied: true, violated: true, inconclusive: true }),
    },
    { rowsNeeded: ref('number') },
  ),
  proof: objectOf<Proof>({ method: TEXT, notes: listOf(TEXT) }, {}),
  counterexample: objectOf<Counterexample>(
    {
      bindings: mapOf(answer),
      answers: listOf(objectOf<Counterexample['answers'][number]>({ expression: TEXT, value: answer }, {})),
      shrinkSteps: COUNT,
    },
    {},
  ),
}

const about = {
  clause: TEXT,
  form: ref('form'),
  stage: ref('stage'),
  severity: ref('severity'),
  relation: TEXT,
  slice: TEXT,
  method: TEXT,
  digests: ref('digests'),
}

const optionalAbout = {
  window: TEXT,
  exploratory: TRUE,
  looks: { type: 'integer', minimum: 1 },
  supersedes: TEXT,
}

const counts = { n: COUNT, measured, missing: COUNT, excluded: COUNT, unassigned_rows: COUNT }

const found = {
  notes: listOf(TEXT),
  runners: mapOf(
    objectOf<RunnerReport>(
      {
        kind: oneOfTexts<RunnerReport['kind']>({ command: true, http: true, file: true }),
        says: mapOf(TEXT),
        repeated: objectOf<RunnerReport['repeated']>({ rows: COUNT, differing: COUNT }, {}),
      },
      {},
    ),
  ),
  sample: objectOf<NonNullable<Decided['sample']>>({ rows: COUNT, of: COUNT, seed: TEXT }, {}),
  failing_share: ref('interval'),
  failing: COUNT,
  witnesses: listOf(ref('witness')),
  witness_file: objectOf<NonNullable<Decided['witness_file']>>({ path: TEXT, rows: COUNT, digest: DIGEST }, {}),
  terms: listOf(ref('term')),
  comparisons: listOf(ref('comparison')),
  curves: ref('curves'),
  proof: ref('proof'),
  tried: COUNT,
  discarded: COUNT,
  upper_bound: objectOf<NonNullable<Decided['upper_bound']>>({ value: NUMBER, level: ref('level') }, {}),
  counterexample: ref('counterexample'),
  labels: objectOf<NonNullable<Decided['labels']>>({ arrived: COUNT, of: COUNT }, {}),
  late: COUNT,
  streak: COUNT,
  obligations: listOf(objectOf<OpenObligation>({ at: TIME, deadline: TIME, because: TEXT, overdue: FLAG }, {})),
}

/** What a decided statement of a form must hold beside what every decided one holds. */
const whenForm = (form: Form, then: JsonSchema): JsonSchema => ({
  if: { properties: { form: { const: form } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then,
})

const statements: JsonSchema = {
  decided: objectOf<Decided>(
    { ...about, verdict: oneOfTexts<Decided['verdict']>({ satisfied: true, violated: true }), ...counts },
    { ...optionalAbout, ...found },
    {
      allOf: [
        whenForm('every', { required: ['failing', 'witnesses'] }),
        whenForm('must', { required: ['terms', 'comparisons'] }),
        whenForm('always', { required: ['terms', 'comparisons', 'streak'] }),
        whenForm('whenever', { required: ['obligations'] }),
        whenForm('eventually', { required: ['obligations'] }),
        whenForm('forall', { anyOf: [{ required: ['proof'] }, { required: ['tried', 'discarded'] }] }),
      ],
    },
  ),
  inconclusive: objectOf<Inconclusive>(
    {
      ...about,
      verdict: { const: 'inconclusive' },
      reason: oneOfTexts<InconclusiveReason>({
        'interval-straddles-bound': true,
        'too-few-rows': true,
        'no-variation': true,
        'too-close-to-call': true,
        'empty-relation': true,
        'undefined-metric': true,
        'holm-stopped': true,
        'not-proved': true,
        'contradictory-evidence': true,
        pending: true,
        'too-few-labels': true,
        'assumption-failed': true,
        'labels-pending': true,
      }),
    },
    { ...optionalAbout, ...counts, ...found, cause: TEXT },
  ),
  failed: objectOf<Failed>(
    {
      ...about,
      verdict: { const: 'error' },
      reason: oneOfTexts<ErrorReason>({
        'source-missing': true,
        'source-unreadable': true,
        'column-missing': true,
        'cast-failed': true,
        'engine-failed': true,
        'engine-unreachable': true,
        'evaluation-failed': true,
        'model-missing': true,
        'model-unreadable': true,
        'model-mismatch': true,
        'model-failed': true,
        'prediction-not-finite': true,
        'runner-missing': true,
        'staging-failed': true,
        'not-trusted': true,
        'model-nondeterministic': true,
      }),
      cause: TEXT,
    },
    optionalAbout,
  ),
  skipped: objectOf<Skipped>(
    {
      ...about,
      verdict: { const: 'skipped' },
      reason: oneOfTexts<SkippedReason>({
        'no-champion': true,
        'no-candidate': true,
        interrupted: true,
        unenforced: true,
        'not-selected': true,
      }),
    },
    { ...optionalAbout, cause: TEXT },
  ),
  statement: { oneOf: [ref('decided'), ref('inconclusive'), ref('failed'), ref('skipped')] },
}

const envelope: JsonSchema = {
  run: objectOf<RunInfo>(
    {
      at: TIME,
      durationMs: { type: 'number', minimum: 0 },
      host: objectOf<RunInfo['host']>({ os: TEXT, arch: TEXT, node: TEXT }, {}),
      session: TEXT,
    },
    { trusted: TRUE, clock: { const: 'simulated' } },
  ),
  evidence: objectOf<Evidence>(
    {
      schema: { const: 'plumbline/evidence/1' },
      id: DIGEST,
      statement: ref('statement'),
      run: ref('run'),
      signatures: { type: 'array', maxItems: 0 },
    },
    {},
  ),
}

/** Everything the schema of evidence is made of, for documents that hold evidence. */
export const evidenceDefinitions: JsonSchema = { ...valueDefinitions, ...parts, ...statements, ...envelope }

/** The published schema of one piece of evidence, as the ledger keeps it. */
export const evidenceSchema: JsonSchema = document(
  'evidence',
  'Evidence, format 1',
  ref('evidence'),
  evidenceDefinitions,
)

/** The published schema of a statement, the part of evidence that is digested and compared by replay. */
export const statementSchema: JsonSchema = document('statement', 'Statement of evidence, format 1', ref('statement'), {
  ...valueDefinitions,
  ...parts,
  ...statements,
})

/** The schema of an event, as the ledger's record of it holds it. */
export const eventRecordSchema: JsonSchema = objectOf<EventRecord>(
  {
    kind: { const: 'event' },
    event: objectOf<SystemEvent>(
      {
        at: TIME,
        kind: { enum: Object.keys(eventKinds) },
        subject: TEXT,
        digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
      },
      { detail: { type: 'object' } },
    ),
  },
  { clock: { const: 'simulated' } },
)
