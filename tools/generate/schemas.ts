/** The published JSON Schemas: those of core, and the contracts of the command's `--json`. */
import type { EnvironmentName, ProgramEnvironment } from '../../packages/core/src/clause/production.ts'
import { programSchema } from '../../packages/core/src/clause/program-schema.ts'
import { clauseSchema } from '../../packages/core/src/clause/schema.ts'
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
import {
  evidenceDefinitions,
  evidenceSchema,
  eventRecordSchema,
  statementSchema,
} from '../../packages/core/src/evidence/schema.ts'
import type { NamedVersion } from '../../packages/core/src/gate/decision.ts'
import type { CountedForeign } from '../../packages/core/src/gate/foreign.ts'
import type { GateReason, Waived } from '../../packages/core/src/gate/decision.ts'
import { specJsonSchema } from '../../packages/core/src/language/json-schema.ts'
import type { Deployment } from '../../packages/cli/src/deploy/deploy-version.ts'
import type { ServingState } from '../../packages/cli/src/serving/state-file.ts'
import type { Broken, LedgerFailure, LedgerPlace } from '../../packages/store/src/ledger/broken.ts'
import type { LedgerRecord } from '../../packages/store/src/ledger/record.ts'
import type { LedgerHead } from '../../packages/store/src/ledger/scan.ts'
import type { Rollback } from '../../packages/store/src/registry/promotion.ts'
import { fuzzSchema } from './fuzz-schema.ts'
import { diffSchema } from './change-schemas.ts'
import { generateSchema } from './generate-schema.ts'
import { gapsSchema, mutationSchema, traceSchema } from './adequacy-schemas.ts'
import { healSchema } from './heal-schema.ts'
import { draftSchema } from './draft-schema.ts'
import { emitSchema } from './emit-schema.ts'
import { importSchema } from './import-schema.ts'
import { exportSchema, loopSchema } from './loop-schemas.ts'
import { partitionStateSchema } from './partition-state-schema.ts'
import { proposeSchema, stepsSchema } from './steps-schema.ts'
import { testPlanSchema } from './test-plan-schema.ts'
import { baselineSchema, testSchema } from './test-schemas.ts'
import { alertSchema, watchSchema } from './watch-schemas.ts'

const LINE: JsonSchema = { type: 'integer', minimum: 1 }
const place = { file: TEXT, line: LINE, column: LINE }
const CLOSED = { additionalProperties: false }

const diagnosticDefinitions = {
  related: {
    type: 'object',
    properties: { message: TEXT, ...place },
    required: ['message', ...Object.keys(place)],
    ...CLOSED,
  },
  diagnostic: {
    type: 'object',
    properties: {
      code: { type: 'string', pattern: '^[a-z]+/[a-z0-9-]+$' },
      severity: { enum: ['error', 'warning', 'info'] },
      message: TEXT,
      why: TEXT,
      fix: TEXT,
      ...place,
      related: listOf(ref('related')),
    },
    required: ['code', 'severity', 'message', 'why', 'file', 'line', 'column', 'related'],
    ...CLOSED,
  },
}

const check = document(
  'check',
  'What `plumb check --json` prints, format 1',
  {
    type: 'object',
    properties: {
      diagnostics: listOf(ref('diagnostic')),
      clauses: listOf(ref('clause')),
      overrides: listOf(ref('override')),
    },
    required: ['diagnostics', 'clauses', 'overrides'],
    ...CLOSED,
  },
  {
    ...diagnosticDefinitions,
    form: evidenceDefinitions['form'],
    severity: evidenceDefinitions['severity'],
    override: {
      type: 'object',
      properties: {
        path: TEXT,
        ...place,
        replaced: { type: 'object', properties: place, required: ['file', 'line', 'column'], ...CLOSED },
      },
      required: ['path', 'file', 'line', 'column', 'replaced'],
      ...CLOSED,
    },
    clause: {
      type: 'object',
      properties: {
        id: TEXT,
        form: ref('form'),
        severity: ref('severity'),
        origin: { enum: ['authored', 'contract', 'profiled', 'built-in'] },
        of: listOf(TEXT),
        digest: DIGEST,
      },
      required: ['id', 'form', 'severity', 'origin', 'of', 'digest'],
      ...CLOSED,
    },
  },
)

const fmt = document(
  'fmt',
  'What `plumb fmt --json` prints, format 1; files are empty where a finding kept all of them from being written',
  {
    type: 'object',
    properties: {
      files: listOf({
        type: 'object',
        properties: { path: TEXT, changed: { type: 'boolean' } },
        required: ['path', 'changed'],
        ...CLOSED,
      }),
      diagnostics: listOf(ref('diagnostic')),
    },
    required: ['files', 'diagnostics'],
    ...CLOSED,
  },
  diagnosticDefinitions,
)

const gateDefinitions = {
  ...pick('int64', 'nonFinite', 'measured', 'number', 'level', 'interval', 'verdict'),
  reason: objectOf<GateReason>(
    {
      code: oneOfTexts<GateReason['code']>({
        violated: true,
        inconclusive: true,
        error: true,
        skipped: true,
        'no-evidence': true,
        'stale-evidence': true,
        'contradictory-evidence': true,
        'exploratory-evidence': true,
        'unpinned-data': true,
        'unpinned-model': true,
        'no-blocking-clause': true,
        'no-candidate': true,
        unenforced: true,
        weakened: true,
      }),
      message: TEXT,
      change: TEXT,
    },
    {
      clause: TEXT,
      relation: TEXT,
      slice: TEXT,
      verdict: ref('verdict'),
      bound: TEXT,
      measured: ref('measured'),
      interval: ref('interval'),
      evidence: DIGEST,
    },
  ),
  waived: objectOf<Waived>(
    {
      clause: TEXT,
      waiver: TEXT,
      person: TEXT,
      reason: TEXT,
      expires: TEXT,
      by: oneOfTexts<Waived['by']>({ commit: true, signature: true }),
    },
    {},
  ),
  foreign: objectOf<CountedForeign>(
    {
      clause: TEXT,
      relation: TEXT,
      slice: TEXT,
      tool: oneOfTexts<CountedForeign['tool']>({ junit: true, 'great-expectations': true, deepchecks: true }),
      name: TEXT,
      file: TEXT,
      digest: DIGEST,
    },
    {},
  ),
}

const gate = document(
  'gate',
  'What `plumb gate --json` prints, format 1',
  {
    type: 'object',
    properties: {
      open: FLAG,
      environment: oneOfTexts<EnvironmentName>({ staging: true, production: true }),
      requires: listOf(oneOfTexts<ProgramEnvironment['requires'][number]>({ data: true, model: true, release: true })),
      reasons: listOf(ref('reason')),
      waived: listOf(ref('waived')),
      foreign: listOf(ref('foreign')),
      named: listOf(objectOf<NamedVersion>({ model: TEXT, version: TEXT }, {})),
    },
    required: ['open', 'environment', 'requires', 'reasons'],
    ...CLOSED,
    oneOf: [
      { properties: { open: { const: true }, reasons: { type: 'array', maxItems: 0 } } },
      { properties: { open: { const: false }, reasons: { type: 'array', minItems: 1 } } },
    ],
  },
  gateDefinitions,
)

const head = objectOf<LedgerHead>({ seq: COUNT, digest: DIGEST }, {})

/** One case of a deployment. */
const deployment = (kind: Deployment['kind'], required: object, optional: object = {}): JsonSchema => ({
  type: 'object',
  properties: { kind: { const: kind }, ...required, ...optional },
  required: ['kind', ...Object.keys(required)],
  ...CLOSED,
})

const promote = document(
  'promote',
  'What `plumb promote --json` prints, format 1',
  {
    oneOf: [
      {
        type: 'object',
        properties: {
          promoted: { const: true },
          model: TEXT,
          digest: DIGEST,
          was: { oneOf: [DIGEST, { type: 'null' }] },
          record: ref('head'),
          rollback: objectOf<Rollback>({ reason: DIGEST, from: DIGEST }, {}),
          serving: ref('serving'),
        },
        required: ['promoted', 'model', 'digest', 'was', 'record', 'serving'],
        ...CLOSED,
      },
      {
        type: 'object',
        properties: { promoted: { const: false }, open: { const: false }, reasons: listOf(ref('reason')) },
        required: ['promoted', 'open', 'reasons'],
        ...CLOSED,
      },
    ],
  },
  {
    ...gateDefinitions,
    head,
    serving: {
      description: 'What became of the version where requests are answered.',
      oneOf: [
        deployment('no-guard', {}),
        deployment('elsewhere', { url: TEXT }),
        deployment('deployed', { url: TEXT, probed: COUNT }),
        deployment('mismatch', { url: TEXT, why: TEXT }, { found: DIGEST }),
        deployment('unknown', { url: TEXT, why: TEXT }),
      ],
    },
  },
)
const broken = objectOf<Broken>(
  {
    kind: oneOfTexts<Broken['kind']>({
      changed: true,
      'bad-line': true,
      'out-of-order': true,
      'broken-chain': true,
      'missing-segment': true,
      'unknown-file': true,
      'torn-tail': true,
      'cut-tail': true,
      rewritten: true,
    }),
    place: objectOf<LedgerPlace>({ file: TEXT, line: LINE, byteOffset: COUNT }, {}),
    what: TEXT,
    why: TEXT,
    fix: TEXT,
  },
  {},
)

const verify = document(
  'verify',
  'What `plumb verify --json` prints, format 1',
  { oneOf: [ref('ok'), ref('broken'), ref('failed')] },
  {
    head,
    ok: {
      type: 'object',
      properties: { kind: { const: 'ok' }, records: COUNT, head: ref('head'), unchangedSince: ref('head') },
      required: ['kind', 'records', 'head'],
      ...CLOSED,
    },
    broken: {
      type: 'object',
      properties: { kind: { const: 'broken' }, broken },
      required: ['kind', 'broken'],
      ...CLOSED,
    },
    failed: {
      type: 'object',
      properties: {
        kind: { const: 'failed' },
        failure: {
          type: 'object',
          properties: {
            kind: oneOfTexts<LedgerFailure['kind']>({ host: true, broken: true, body: true, moved: true }),
          },
          required: ['kind'],
        },
      },
      required: ['kind', 'failure'],
      ...CLOSED,
    },
  },
)

const failure = document('failure', 'What a verb prints with --json when it could not do its work, format 1', {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: { code: { type: 'string', pattern: '^[a-z]+/[a-z0-9-]+$' }, message: TEXT, why: TEXT, fix: TEXT },
      required: ['code', 'message', 'why', 'fix'],
      ...CLOSED,
    },
  },
  required: ['error'],
  ...CLOSED,
})

/** What a body of that kind holds. */
const whenKind = (kind: string, then: JsonSchema): JsonSchema => ({
  if: { properties: { kind: { const: kind } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then,
})

const ledgerRecord = document(
  'ledger-record',
  'One line of the ledger, format 1',
  objectOf<LedgerRecord>(
    {
      v: { const: 1 },
      seq: { type: 'integer', minimum: 1 },
      prev: DIGEST,
      digest: DIGEST,
      body: {
        description:
          'Kinds beside `evidence` and `event` (`gate`, `promotion`, `run`) are open: readers pass over what they do not know.',
        type: 'object',
        properties: { kind: TEXT },
        required: ['kind'],
        allOf: [
          whenKind('evidence', {
            properties: { kind: TEXT, evidence: ref('evidence') },
            required: ['kind', 'evidence'],
            ...CLOSED,
          }),
          whenKind('event', eventRecordSchema),
        ],
      },
    },
    {},
  ),
  evidenceDefinitions,
)

const serving = document(
  'serving',
  'What `plumb guard` and `plumb stage` print with --json when they are ready (one line), and keep in `.plumb/serving/<role>.json`, format 1',
  objectOf<ServingState>(
    {
      role: oneOfTexts<ServingState['role']>({ production: true, staging: true }),
      url: { type: 'string', pattern: '^http://.*[^/]$' },
      model: TEXT,
      digest: { anyOf: [DIGEST, { type: 'null' }] },
      pid: { type: 'integer', minimum: 1 },
      instance: TEXT,
      startedAt: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T' },
      tokenFile: TEXT,
    },
    {},
  ),
)

function pick(...names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, evidenceDefinitions[name]]))
}

/** Every published schema, by the name of its file under `schemas/`. */
export function publishedSchemas(): Readonly<Record<string, JsonSchema>> {
  return {
    spec: specJsonSchema(),
    program: programSchema,
    clause: clauseSchema,
    evidence: evidenceSchema,
    statement: statementSchema,
    'ledger-record': ledgerRecord,
    check,
    fmt,
    diff: diffSchema,
    test: testSchema,
    'test-plan': testPlanSchema,
    'partition-state': partitionStateSchema,
    baseline: baselineSchema,
    fuzz: fuzzSchema,
    gate,
    promote,
    verify,
    serving,
    watch: watchSchema,
    alert: alertSchema,
    loop: loopSchema,
    export: exportSchema,
    draft: draftSchema,
    emit: emitSchema,
    import: importSchema,
    generate: generateSchema,
    heal: healSchema,
    propose: proposeSchema,
    steps: stepsSchema,
    trace: traceSchema,
    mutation: mutationSchema,
    gaps: gapsSchema,
    failure,
  }
}
