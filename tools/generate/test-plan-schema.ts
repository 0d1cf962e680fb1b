/** What `plumb test --plan --json` prints. */
import { COUNT, document, FLAG, listOf, objectOf, oneOfTexts, ref, TEXT } from './json-schema.ts'
import type { FetchedValues } from '../../packages/engine/src/planning/fetched.ts'
import type { DataPlan, MergedPlan, Pass, PlannedRelation } from '../../packages/engine/src/planning/data-plan.ts'

const known = { type: ['number', 'null'], minimum: 0 } as const

const pass = objectOf<Pass>(
  {
    kind: oneOfTexts<Pass['kind']>({
      files: true,
      parse: true,
      statistics: true,
      scan: true,
      key: true,
      group: true,
      answers: true,
      inputs: true,
    }),
    columns: listOf(TEXT),
    questions: COUNT,
    clauses: listOf(TEXT),
    rows: known,
    bytes: known,
  },
  {},
)

const merged = objectOf<MergedPlan>(
  {
    files: COUNT,
    kept: COUNT,
    clauses: listOf(TEXT),
    compared: listOf(TEXT),
    whole: listOf(objectOf<MergedPlan['whole'][number]>({ clause: TEXT, because: TEXT }, {})),
  },
  {},
)

const fetched = objectOf<FetchedValues>(
  { clause: TEXT, fetches: oneOfTexts<FetchedValues['fetches']>({ values: true, rows: true }), because: TEXT },
  { most: COUNT },
)

const relation = objectOf<PlannedRelation>(
  {
    relation: TEXT,
    stage: oneOfTexts<PlannedRelation['stage']>({ data: true, model: true, release: true, runtime: true }),
    source: TEXT,
    rows: known,
    exact: FLAG,
    clauses: COUNT,
    passes: listOf(ref('pass')),
  },
  { failure: TEXT, merged, fetched: listOf(fetched) },
)

export const testPlanSchema = document(
  'test-plan',
  'What a test would read, before it is run',
  objectOf<DataPlan & { readonly schema: string }>(
    {
      schema: { const: 'plumbline/test-plan/1' },
      relations: listOf(ref('relation')),
      cells: { type: 'number', minimum: 0 },
    },
    {},
  ),
  { pass, relation },
)
