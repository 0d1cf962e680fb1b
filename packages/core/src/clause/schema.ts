import type { ColumnInfo } from '../expr/environment.ts'
import type { ColumnType } from '../expr/type.ts'
import type { Comparison, MustCondition, Term, TermArgument } from '../expr/must.ts'
import {
  caseOf,
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  mapOf,
  type Members,
  NUMBER,
  objectOf,
  type OptionalMembers,
  oneOfTexts,
  ref,
  TEXT,
} from '../evidence/json-schema.ts'
import { valueDefinitions } from '../evidence/schema.ts'
import type {
  AlwaysClause,
  Binder,
  Clause,
  Domain,
  EventuallyClause,
  EveryClause,
  ForallClause,
  MissingPolicy,
  MustClause,
  ReleaseCheck,
  RowCondition,
  SliceRef,
  Target,
  WheneverClause,
} from './clause.ts'
import { expressionDefinitions } from './expression-schema.ts'
import type {
  Program,
  ProgramAlert,
  ProgramColumn,
  ProgramDataset,
  ProgramEnvironment,
  ProgramGuard,
  ProgramLabels,
  ProgramModel,
  ProgramMonitor,
  ProgramRelation,
  ProgramRelease,
  ProgramRetrain,
  ProgramSource,
  ProgramStage,
} from './program.ts'

const expr = ref('expr')

type Kind<U extends { readonly kind: string }, K extends U['kind']> = Extract<U, { readonly kind: K }>
/** A case of a union told apart by `kind`. */
function kind<U extends { readonly kind: string }, K extends U['kind']>(
  name: K,
  required: Members<Omit<Kind<U, K>, 'kind'>>,
  optional: OptionalMembers<Omit<Kind<U, K>, 'kind'>>,
): JsonSchema {
  return caseOf('kind', name, required, optional)
}
const code = { type: ['string', 'number', 'boolean'] }

const must: JsonSchema = {
  term: objectOf<Term>(
    {
      fn: ref('aggregate'),
      args: listOf({
        oneOf: [
          kind<TermArgument, 'column'>('column', { name: TEXT }, {}),
          kind<TermArgument, 'expr'>('expr', { expr }, {}),
          kind<TermArgument, 'relation'>('relation', { relation: TEXT }, {}),
          kind<TermArgument, 'value'>('value', { value: NUMBER }, {}),
        ],
      }),
      type: ref('type'),
      expression: TEXT,
      estimates: oneOfTexts<Term['estimates']>({ rows: true, population: true }),
    },
    { model: TEXT, where: expr },
  ),
  comparison: objectOf<Comparison>(
    {
      op: oneOfTexts<Comparison['op']>({ '<': true, '<=': true, '>': true, '>=': true, '==': true, '!=': true }),
      left: expr,
      right: expr,
      expression: TEXT,
      estimated: FLAG,
    },
    {},
  ),
  must: objectOf<MustCondition>(
    { condition: expr, comparisons: listOf(ref('comparison')), terms: listOf(ref('term')) },
    {
      columns: objectOf<NonNullable<MustCondition['columns']>>({ included: listOf(TEXT), skipped: listOf(TEXT) }, {}),
    },
  ),
}

/** Base members are repeated in each form, so that a closed object can be told from its neighbours. */
const base = {
  id: TEXT,
  says: TEXT,
  severity: ref('severity'),
  origin: oneOfTexts<Clause['origin']>({ authored: true, contract: true, profiled: true, 'built-in': true }),
  of: listOf(objectOf<Target>({ relation: TEXT, stage: ref('stage') }, {})),
  slices: listOf(objectOf<SliceRef>({ name: TEXT, condition: { oneOf: [expr, { type: 'null' }] } }, {})),
  meets: listOf(TEXT),
  hazards: listOf(TEXT),
  allowEmpty: FLAG,
  place: objectOf<Clause['place']>({ file: TEXT, line: COUNT, column: COUNT }, {}),
  models: listOf(TEXT),
  digest: DIGEST,
}
const optionalBase = { rationale: TEXT, unenforced: TEXT }
/** A split as the clause of disjoint splits reads it. */
type Claim = Extract<RowCondition, { kind: 'disjoint-splits' }>['splits'][number]

const split = objectOf<ProgramDataset['splits'][number]>({ name: TEXT, condition: expr, text: TEXT }, {})
/** A duration in whole microseconds, above 0. */
const MICROS: JsonSchema = { type: 'integer', minimum: 1 }
const exactShare = { type: 'string', pattern: '^(0\\.[0-9]+|1(\\.0+)?)$' }

const clauses: JsonSchema = {
  every: objectOf<EveryClause>(
    {
      ...base,
      form: { const: 'every' },
      condition: {
        oneOf: [
          kind<RowCondition, 'expr'>('expr', { expr, text: TEXT }, {}),
          kind<RowCondition, 'castable'>('castable', { column: TEXT }, {}),
          kind<RowCondition, 'unique-key'>('unique-key', { columns: listOf(TEXT) }, {}),
          kind<RowCondition, 'disjoint-splits'>(
            'disjoint-splits',
            { splits: listOf(objectOf<Claim>({ name: TEXT, condition: expr }, {})) },
            {},
          ),
          kind<RowCondition, 'release'>(
            'release',
            { check: oneOfTexts<ReleaseCheck>({ contract: true, parity: true, guard: true }) },
            {},
          ),
        ],
      },
      missing: oneOfTexts<MissingPolicy>({ fail: true, pass: true, exclude: true }),
      mostly: exactShare,
    },
    optionalBase,
  ),
  mustClause: objectOf<MustClause>(
    {
      ...base,
      form: { const: 'must' },
      must: ref('must'),
      text: TEXT,
      confidence: { oneOf: [ref('level'), { const: 'none' }] },
    },
    optionalBase,
  ),
  forall: objectOf<ForallClause>(
    {
      ...base,
      form: { const: 'forall' },
      binders: listOf(
        objectOf<Binder>(
          {
            name: TEXT,
            type: ref('type'),
            domain: {
              oneOf: [
                kind<Domain, 'declared'>('declared', { dataset: TEXT }, {}),
                kind<Domain, 'rows'>('rows', { relation: TEXT }, {}),
                kind<Domain, 'near'>('near', { relation: TEXT, radius: NUMBER }, {}),
                kind<Domain, 'column'>('column', { dataset: TEXT, column: TEXT }, {}),
              ],
            },
          },
          {},
        ),
      ),
      let: listOf(objectOf<ForallClause['let'][number]>({ name: TEXT, value: expr }, {})),
      holds: expr,
      text: TEXT,
    },
    { ...optionalBase, assume: expr, mostly: exactShare, over: TEXT },
  ),
  always: objectOf<AlwaysClause>(
    {
      ...base,
      form: { const: 'always' },
      must: ref('must'),
      text: TEXT,
      confidence: { oneOf: [ref('level'), { const: 'none' }] },
      window: MICROS,
      for: { type: 'integer', minimum: 1 },
    },
    optionalBase,
  ),
  whenever: objectOf<WheneverClause>(
    { ...base, form: { const: 'whenever' }, trigger: expr, response: expr, within: COUNT, text: TEXT },
    optionalBase,
  ),
  eventually: objectOf<EventuallyClause>(
    { ...base, form: { const: 'eventually' }, condition: expr, within: COUNT, text: TEXT },
    optionalBase,
  ),
  split,
  clause: {
    oneOf: [ref('every'), ref('mustClause'), ref('forall'), ref('always'), ref('whenever'), ref('eventually')],
  },
}

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
    says: TEXT,
    tensor: TEXT,
    index: COUNT,
  },
)

const program: JsonSchema = {
  column,
  source: objectOf<ProgramSource>(
    { path: TEXT, format: oneOfTexts<ProgramSource['format']>({ csv: true, parquet: true, json: true }) },
    { delimiter: TEXT, header: FLAG, nullValues: listOf(TEXT), encoding: TEXT },
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
      task: oneOfTexts<ProgramModel['task']>({ 'binary-classification': true, regression: true }),
      from: TEXT,
      input: listOf(TEXT),
      outputs: listOf(ref('column')),
    },
    {
      artifact: TEXT,
      score: TEXT,
      label: TEXT,
      decision: objectOf<NonNullable<ProgramModel['decision']>>({ expr, text: TEXT }, {}),
    },
  ),
  relation: {
    oneOf: [
      kind<ProgramRelation, 'data'>('data', { name: TEXT, dataset: TEXT }, { split: TEXT }),
      kind<ProgramRelation, 'model'>('model', { name: TEXT, model: TEXT, dataset: TEXT }, { split: TEXT }),
      kind<ProgramRelation, 'requests'>('requests', { name: { const: 'requests' } }, {}),
      kind<ProgramRelation, 'system'>('system', { name: { const: 'system' } }, {}),
      kind<ProgramRelation, 'release'>('release', { name: { const: 'release' } }, {}),
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
          kind<NonNullable<ProgramGuard['fallback']>, 'model'>('model', { model: TEXT }, {}),
          kind<NonNullable<ProgramGuard['fallback']>, 'value'>(
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
        objectOf<Program['about']['requirements'][number]>({ id: TEXT, says: TEXT }, { source: TEXT, owner: TEXT }),
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

const clauseDefinitions: JsonSchema = { ...valueDefinitions, ...expressionDefinitions, ...must, ...clauses }

/** The published schema of a lowered clause. */
export const clauseSchema: JsonSchema = document(
  'clause',
  'Clause, lowered, format 1',
  ref('clause'),
  clauseDefinitions,
)

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
    { guard: ref('guard'), monitor: ref('monitor'), retrain: ref('retrain') },
  ),
  { ...clauseDefinitions, ...program },
)
