import type { ClassInfo, ColumnInfo } from '../expr/environment.ts'
import type { ColumnType } from '../expr/type.ts'
import {
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  kindOf,
  listOf,
  mapOf,
  MICROS,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from '../evidence/json-schema.ts'
import type {
  ProgramAlert,
  ProgramEnvironment,
  ProgramLabels,
  ProgramMonitor,
  ProgramRelease,
  ProgramRetrain,
} from './production.ts'
import type {
  Judged,
  Program,
  ProgramColumn,
  ProgramDataset,
  ProgramEngine,
  ProgramFiles,
  ProgramGuard,
  ProgramModel,
  ProgramRelation,
  ProgramRunner,
  ProgramStage,
  ProgramTable,
  ProgramWaiver,
} from './program.ts'
import type { CommandFormat, ModelProtocol, Pixels } from '../language/spec-models.ts'
import { clauseDefinitions } from './schema.ts'

const expr = ref('expr')
const code = { type: ['string', 'number', 'boolean'] }
const bound = { type: ['number', 'string'] }
const column = objectOf<ProgramColumn>(
  {
    name: TEXT,
    columnType: oneOfTexts<ColumnType>({
      integer: true,
      number: true,
      boolean: true,
      category: true,
      text: true,
      timestamp: true,
      list: true,
      image: true,
    }),
    type: ref('type'),
    optional: FLAG,
    protected: FLAG,
  },
  {
    role: oneOfTexts<NonNullable<ColumnInfo['role']>>({ key: true, label: true, split: true, output: true }),
    values: listOf(objectOf<NonNullable<ColumnInfo['values']>[number]>({ code }, { label: TEXT })),
    unit: TEXT,
    low: bound,
    high: bound,
    length: COUNT,
    path: listOf({ type: ['string', 'integer'] }),
    format: TEXT,
    says: TEXT,
    sensitive: { const: true },
    tensor: TEXT,
    index: COUNT,
  },
)

const program: JsonSchema = {
  column,
  source: { anyOf: [ref('files'), ref('table')] },
  engine: objectOf<ProgramEngine>(
    {
      name: TEXT,
      dialect: oneOfTexts<ProgramEngine['dialect']>({
        postgresql: true,
        spark: true,
        trino: true,
        clickhouse: true,
        snowflake: true,
        bigquery: true,
      }),
    },
    { address: TEXT, statementTimeoutMs: COUNT },
  ),
  table: objectOf<ProgramTable>({ engine: ref('engine'), table: TEXT, pinned: FLAG }, {}),
  files: objectOf<ProgramFiles>(
    { path: TEXT, format: oneOfTexts<ProgramFiles['format']>({ csv: true, parquet: true, json: true, arrow: true }) },
    {
      delimiter: TEXT,
      quote: TEXT,
      escape: TEXT,
      decimal: oneOfTexts<NonNullable<ProgramFiles['decimal']>>({ '.': true, ',': true }),
      ragged: oneOfTexts<NonNullable<ProgramFiles['ragged']>>({ refuse: true, skip: true }),
      header: FLAG,
      nullValues: listOf(TEXT),
      encoding: TEXT,
      standsFor: TEXT,
    },
  ),
  dataset: objectOf<ProgramDataset>(
    {
      name: TEXT,
      source: ref('source'),
      key: listOf(TEXT),
      columns: listOf(ref('column')),
      splits: listOf(ref('split')),
    },
    { time: TEXT, label: TEXT },
  ),
  model: objectOf<ProgramModel>(
    {
      name: TEXT,
      task: oneOfTexts<ProgramModel['task']>({
        'binary-classification': true,
        'multiclass-classification': true,
        regression: true,
      }),
      from: TEXT,
      input: listOf(TEXT),
      outputs: listOf(ref('column')),
    },
    {
      pixels: objectOf<Pixels>(
        {
          width: COUNT,
          height: COUNT,
          channels: { enum: [1, 3] },
          layout: oneOfTexts<Pixels['layout']>({ chw: true, hwc: true }),
          range: listOf({ type: 'number' }),
        },
        { mean: listOf({ type: 'number' }), stddev: listOf({ type: 'number' }) },
      ),
      judges: objectOf<Judged>({ model: TEXT, outputs: listOf(TEXT) }, {}),
      artifact: TEXT,
      runner: ref('runner'),
      score: TEXT,
      amount: TEXT,
      classes: objectOf<ClassInfo>(
        { all: listOf(objectOf<ClassInfo['all'][number]>({ code }, { probability: TEXT })) },
        { answer: TEXT },
      ),
      label: TEXT,
      decision: objectOf<NonNullable<ProgramModel['decision']>>({ expr, text: TEXT }, {}),
    },
  ),
  runner: {
    oneOf: [
      kindOf<ProgramRunner, 'column'>('column', { columns: mapOf(TEXT) }, {}),
      kindOf<ProgramRunner, 'command'>(
        'command',
        { command: listOf(TEXT), files: listOf(TEXT) },
        {
          file: TEXT,
          format: oneOfTexts<CommandFormat>({ 'json-lines': true, arrow: true }),
          timeoutMs: COUNT,
          batch: COUNT,
        },
      ),
      kindOf<ProgramRunner, 'http'>(
        'http',
        { address: TEXT, protocol: oneOfTexts<ModelProtocol>({ 'oip-v2': true, mlflow: true, 'openai-chat': true }) },
        {
          model: TEXT,
          token: TEXT,
          timeoutMs: COUNT,
          batch: COUNT,
          retries: COUNT,
          prompt: TEXT,
          budget: COUNT,
          after: TEXT,
          otherwise: TEXT,
          version: TEXT,
        },
      ),
    ],
  },
  relation: {
    oneOf: [
      kindOf<ProgramRelation, 'data'>('data', { name: TEXT, dataset: TEXT }, { split: TEXT }),
      kindOf<ProgramRelation, 'model'>('model', { name: TEXT, model: TEXT, dataset: TEXT }, { split: TEXT }),
      kindOf<ProgramRelation, 'requests'>('requests', { name: { const: 'requests' } }, {}),
      kindOf<ProgramRelation, 'system'>('system', { name: { const: 'system' } }, {}),
      kindOf<ProgramRelation, 'release'>('release', { name: { const: 'release' } }, {}),
    ],
  },
  pipelineStage: objectOf<ProgramStage>(
    {
      name: TEXT,
      run: listOf(TEXT),
      needs: listOf(TEXT),
      makes: listOf(TEXT),
      params: mapOf(code),
    },
    {},
  ),
  guard: objectOf<ProgramGuard>(
    {
      input: oneOfTexts<ProgramGuard['input']>({ reject: true, fallback: true, flag: true }),
      output: oneOfTexts<ProgramGuard['output']>({ reject: true, fallback: true, flag: true }),
      onFailure: oneOfTexts<ProgramGuard['onFailure']>({ open: true, closed: true }),
    },
    {
      fallback: {
        oneOf: [
          kindOf<NonNullable<ProgramGuard['fallback']>, 'model'>('model', { model: TEXT }, {}),
          kindOf<NonNullable<ProgramGuard['fallback']>, 'value'>(
            'value',
            {
              outputs: listOf(
                objectOf<{ readonly name: string; readonly value: unknown }>({ name: TEXT, value: code }, {}),
              ),
            },
            {},
          ),
        ],
      },
      budget: objectOf<NonNullable<ProgramGuard['budget']>>(
        {
          micros: { type: 'integer', minimum: 1 },
          severity: oneOfTexts<NonNullable<ProgramGuard['budget']>['severity']>({
            block: true,
            warn: true,
            info: true,
          }),
        },
        {},
      ),
    },
  ),
  monitor: objectOf<ProgramMonitor>(
    {
      windows: { ...listOf(MICROS), minItems: 1 },
      lateness: COUNT,
      minRows: COUNT,
      alerts: listOf(
        objectOf<ProgramAlert>(
          { kind: oneOfTexts<ProgramAlert['kind']>({ webhook: true, alertmanager: true, stdout: true }) },
          { url: TEXT, severity: ref('severity'), when: listOf(TEXT) },
        ),
      ),
    },
    {
      labels: objectOf<ProgramLabels>(
        {
          source: TEXT,
          join: { ...listOf(TEXT), minItems: 1 },
          within: COUNT,
          minShare: { type: 'string', pattern: '^(0(\\.[0-9]+)?|1(\\.0+)?)$' },
        },
        {},
      ),
    },
  ),
  retrain: objectOf<ProgramRetrain>(
    { when: listOf(TEXT), newData: FLAG, cooldown: COUNT, stages: listOf(TEXT), candidate: TEXT },
    {
      schedule: MICROS,
      budget: objectOf<NonNullable<ProgramRetrain['budget']>>(
        { count: { type: 'integer', minimum: 1 }, per: MICROS },
        {},
      ),
      window: TEXT,
    },
  ),
  waiver: objectOf<ProgramWaiver>(
    {
      id: TEXT,
      clause: TEXT,
      person: TEXT,
      reason: TEXT,
      expires: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
    },
    { signature: TEXT },
  ),
  environment: objectOf<ProgramEnvironment>(
    {
      requires: listOf(oneOfTexts<ProgramEnvironment['requires'][number]>({ data: true, model: true, release: true })),
      rollback: listOf(TEXT),
    },
    {},
  ),
  about: objectOf<Program['about']>(
    {
      intendedUse: listOf(TEXT),
      excludedUse: listOf(TEXT),
      owners: listOf(objectOf<Program['about']['owners'][number]>({ name: TEXT }, { contact: TEXT })),
      frameworks: listOf(TEXT),
      requirements: listOf(
        objectOf<Program['about']['requirements'][number]>(
          { id: TEXT, says: TEXT },
          { text: TEXT, source: TEXT, owner: TEXT },
        ),
      ),
      hazards: listOf(
        objectOf<Program['about']['hazards'][number]>(
          { id: TEXT, says: TEXT, controls: listOf(TEXT) },
          { severity: TEXT },
        ),
      ),
    },
    { purpose: TEXT, risk: TEXT },
  ),
  spec: objectOf<Program['spec']>({ name: TEXT, version: TEXT, digest: DIGEST }, {}),
}

/** The published schema of a program: a lowered spec, which everything that runs reads. */
export const programSchema: JsonSchema = document(
  'program',
  'Program (a lowered spec), format 1',
  objectOf<Program>(
    {
      schema: { const: 'plumbline/program/1' },
      spec: ref('spec'),
      about: ref('about'),
      datasets: listOf(ref('dataset')),
      models: listOf(ref('model')),
      relations: listOf(ref('relation')),
      clauses: listOf(ref('clause')),
      pipeline: objectOf<Program['pipeline']>({ stages: listOf(ref('pipelineStage')) }, { candidate: TEXT }),
      release: objectOf<ProgramRelease>({ staging: ref('environment'), production: ref('environment') }, {}),
      unenforced: listOf(TEXT),
    },
    { guard: ref('guard'), monitor: ref('monitor'), retrain: ref('retrain'), waivers: listOf(ref('waiver')) },
  ),
  { ...clauseDefinitions, ...program },
)
