/** The contract of `plumb heal --json`. */
import type { Healed } from '../../packages/cli/src/verbs/heal.ts'
import type {
  Became,
  ColumnEvidence,
  HealProposal,
  OutputChange,
  OutputProposal,
  Protection,
  SchemaChange,
} from '../../packages/core/src/heal/index.ts'
import { COUNT, document, type JsonSchema, listOf, objectOf, oneOfTexts, ref, TEXT } from './json-schema.ts'

const SHARE: JsonSchema = { type: 'number', minimum: 0, maximum: 1 }
type Change<K extends SchemaChange['kind']> = Extract<SchemaChange, { kind: K }>
type Proposal<K extends HealProposal['kind']> = Extract<HealProposal, { kind: K }>
const protects = oneOfTexts<Protection>({ fairness: true, leakage: true, safety: true, absence: true })
const to = oneOfTexts<Change<'retyped'>['to']>({ number: true, integer: true, text: true })

/** The published schema of what `plumb heal --json` prints. */
export const healSchema: JsonSchema = document(
  'heal',
  'What `plumb heal --json` prints, format 1',
  objectOf<Healed>(
    { schema: { const: 'plumbline/heal/1' }, datasets: listOf(ref('dataset')), models: listOf(ref('model')) },
    {},
  ),
  {
    dataset: objectOf<Healed['datasets'][number]>(
      { name: TEXT, rows: COUNT, proposals: listOf(ref('proposal')) },
      { before: COUNT },
    ),
    model: objectOf<Healed['models'][number]>(
      { name: TEXT, file: TEXT, proposals: listOf({ anyOf: [ref('outputPatch'), ref('outputWithheld')] }) },
      {},
    ),
    outputPatch: objectOf<Extract<OutputProposal, { kind: 'patch' }>>(
      { kind: { const: 'patch' }, change: ref('outputRenamed'), diff: TEXT },
      {},
    ),
    outputWithheld: objectOf<Extract<OutputProposal, { kind: 'withheld' }>>(
      { kind: { const: 'withheld' }, change: ref('outputRenamed'), why: TEXT, protected: listOf(ref('protected')) },
      {},
    ),
    outputRenamed: objectOf<OutputChange>(
      { kind: { const: 'output-renamed' }, model: TEXT, from: TEXT, outputs: listOf(TEXT), fitting: listOf(TEXT) },
      { to: TEXT, likeness: SHARE },
    ),
    proposal: { anyOf: [ref('patch'), ref('withheld')] },
    patch: objectOf<Proposal<'patch'>>(
      {
        kind: { const: 'patch' },
        change: ref('change'),
        diff: TEXT,
        rewrites: listOf(TEXT),
        review: listOf(TEXT),
        models: listOf(TEXT),
      },
      {},
    ),
    withheld: objectOf<Proposal<'withheld'>>(
      { kind: { const: 'withheld' }, change: ref('change'), why: TEXT, protected: listOf(ref('protected')) },
      {},
    ),
    protected: objectOf<Proposal<'withheld'>['protected'][number]>({ clause: TEXT, protects }, {}),
    change: { anyOf: ['renamed', 'recoded', 'rescaled', 'retyped', 'reformatted', 'gone'].map(ref) },
    renamed: objectOf<Change<'renamed'>>(
      { kind: { const: 'renamed' }, column: TEXT, to: TEXT, evidence: ref('columnEvidence') },
      {},
    ),
    recoded: objectOf<Change<'recoded'>>(
      {
        kind: { const: 'recoded' },
        column: TEXT,
        codes: listOf({ type: 'array', items: TEXT, minItems: 2, maxItems: 2 }),
        rows: COUNT,
      },
      {},
    ),
    rescaled: objectOf<Change<'rescaled'>>(
      { kind: { const: 'rescaled' }, column: TEXT, factor: { type: 'number' }, rows: COUNT, share: SHARE },
      {},
    ),
    reformatted: objectOf<Change<'reformatted'>>(
      { kind: { const: 'reformatted' }, column: TEXT, unread: SHARE },
      { to: TEXT },
    ),
    retyped: objectOf<Change<'retyped'>>({ kind: { const: 'retyped' }, column: TEXT, to, unread: SHARE }, {}),
    gone: objectOf<Change<'gone'>>(
      { kind: { const: 'gone' }, column: TEXT },
      {
        nearest: TEXT,
        evidence: ref('columnEvidence'),
        became: objectOf<Became>(
          { to: TEXT, rows: COUNT },
          {
            factor: { type: 'number' },
            codes: listOf({ type: 'array', items: TEXT, minItems: 2, maxItems: 2 }),
          },
        ),
      },
    ),
    columnEvidence: objectOf<ColumnEvidence>(
      { name: SHARE, type: SHARE, domain: SHARE },
      { distribution: SHARE, key: objectOf<NonNullable<ColumnEvidence['key']>>({ rows: COUNT, equal: SHARE }, {}) },
    ),
  },
)
