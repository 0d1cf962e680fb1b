import type { ForeignTool } from '../evidence/foreign-tool.ts'
import type { Comparison, MustCondition, Term, TermArgument } from '../expr/must.ts'
import {
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  kindOf,
  listOf,
  MICROS,
  NUMBER,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from '../evidence/json-schema.ts'
import { valueDefinitions } from '../evidence/schema.ts'
import type { DrawnSample } from '../language/spec.ts'
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
import type { ProgramDataset } from './program.ts'

const expr = ref('expr')

const must: JsonSchema = {
  term: objectOf<Term>(
    {
      fn: ref('aggregate'),
      args: listOf({
        oneOf: [
          kindOf<TermArgument, 'column'>('column', { name: TEXT }, {}),
          kindOf<TermArgument, 'expr'>('expr', { expr }, {}),
          kindOf<TermArgument, 'relation'>('relation', { relation: TEXT }, {}),
          kindOf<TermArgument, 'foreign'>('foreign', { relation: TEXT, column: TEXT }, {}),
          kindOf<TermArgument, 'text'>('text', { text: TEXT }, {}),
          kindOf<TermArgument, 'list'>('list', { values: listOf({ type: ['number', 'string', 'boolean'] }) }, {}),
          kindOf<TermArgument, 'value'>('value', { value: NUMBER }, {}),
          kindOf<TermArgument, 'class'>('class', { code: { type: ['string', 'number', 'boolean'] } }, {}),
        ],
      }),
      type: ref('type'),
      expression: TEXT,
      estimates: oneOfTexts<Term['estimates']>({ rows: true, population: true }),
    },
    { model: TEXT, where: expr, cluster: TEXT, weights: TEXT },
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
const optionalBase = {
  rationale: TEXT,
  owner: TEXT,
  unenforced: TEXT,
  accepts: listOf(oneOfTexts<ForeignTool>({ junit: true, 'great-expectations': true, deepchecks: true })),
}
/** A split as the clause of disjoint splits reads it. */
type Claim = Extract<RowCondition, { kind: 'disjoint-splits' }>['splits'][number]

const split = objectOf<ProgramDataset['splits'][number]>({ name: TEXT, condition: expr, text: TEXT }, {})
const drawn: JsonSchema = {
  oneOf: [
    objectOf<Extract<DrawnSample, { rows: number }>>({ rows: { type: 'integer', minimum: 1 } }, {}),
    objectOf<Extract<DrawnSample, { share: string }>>(
      { share: { type: 'string', pattern: '^(0\\.[0-9]+|1(\\.0+)?)$' } },
      {},
    ),
  ],
}

const exactShare = { type: 'string', pattern: '^(0\\.[0-9]+|1(\\.0+)?)$' }

const clauses: JsonSchema = {
  every: objectOf<EveryClause>(
    {
      ...base,
      form: { const: 'every' },
      condition: {
        oneOf: [
          kindOf<RowCondition, 'expr'>('expr', { expr, text: TEXT }, {}),
          kindOf<RowCondition, 'castable'>('castable', { column: TEXT }, {}),
          kindOf<RowCondition, 'unique-key'>('unique-key', { columns: listOf(TEXT) }, {}),
          kindOf<RowCondition, 'disjoint-splits'>(
            'disjoint-splits',
            { splits: listOf(objectOf<Claim>({ name: TEXT, condition: expr }, {})) },
            {},
          ),
          kindOf<RowCondition, 'release'>(
            'release',
            { check: oneOfTexts<ReleaseCheck>({ contract: true, parity: true, guard: true }) },
            {},
          ),
        ],
      },
      missing: oneOfTexts<MissingPolicy>({ fail: true, pass: true, exclude: true }),
      mostly: exactShare,
    },
    { ...optionalBase, sample: drawn, confidence: ref('level') },
  ),
  mustClause: objectOf<MustClause>(
    {
      ...base,
      form: { const: 'must' },
      must: ref('must'),
      text: TEXT,
      confidence: { oneOf: [ref('level'), { const: 'none' }] },
    },
    { ...optionalBase, sample: drawn, anytime: { const: true } },
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
                kindOf<Domain, 'declared'>('declared', { dataset: TEXT }, {}),
                kindOf<Domain, 'rows'>('rows', { relation: TEXT }, {}),
                kindOf<Domain, 'near'>('near', { relation: TEXT, radius: NUMBER }, {}),
                kindOf<Domain, 'column'>('column', { dataset: TEXT, column: TEXT }, {}),
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
    { ...optionalBase, anytime: { const: true } },
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

/** Everything the schema of a clause is made of, for documents that hold clauses. */
export const clauseDefinitions: JsonSchema = { ...valueDefinitions, ...expressionDefinitions, ...must, ...clauses }

/** The published schema of a lowered clause. */
export const clauseSchema: JsonSchema = document(
  'clause',
  'Clause, lowered, format 1',
  ref('clause'),
  clauseDefinitions,
)
