/** What `plumb fuzz` prints for machines, and the case that repeats a disagreement. */
import type { FuzzDisagreement, FuzzedExpression, FuzzResult } from '../../packages/cli/src/fuzzing/result.ts'
import { expressionDefinitions } from '../../packages/core/src/clause/expression-schema.ts'
import {
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  mapOf,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from './json-schema.ts'
import type { ScalarKind } from '../../packages/core/src/expr/type.ts'
import type { EqualityCase } from '../../packages/core/src/fuzz/case.ts'
import type { FuzzedBy } from '../../packages/core/src/fuzz/fuzz-program.ts'
import type { RowColumn } from '../../packages/core/src/fuzz/implementation.ts'

const LITERAL: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] }
const texts = listOf(TEXT)

const column = objectOf<RowColumn>(
  {
    name: TEXT,
    kind: oneOfTexts<ScalarKind>({
      bool: true,
      int: true,
      double: true,
      string: true,
      timestamp: true,
      duration: true,
    }),
  },
  { list: { const: true } },
)

const equalityCase = objectOf<EqualityCase>(
  {
    says: TEXT,
    expression: TEXT,
    tree: ref('expr'),
    columns: listOf(column),
    row: mapOf({ anyOf: [LITERAL, listOf(LITERAL)] }),
    expected: {
      oneOf: [
        objectOf<{ readonly value: unknown }>({ value: LITERAL }, {}),
        objectOf<{ readonly error: string }>({ error: TEXT }, {}),
      ],
    },
    found: mapOf(TEXT),
  },
  {},
)

const { aggregate: _, ...definitions } = expressionDefinitions

/** The published schema of `plumb fuzz --json`. */
export const fuzzSchema: JsonSchema = document(
  'fuzz',
  'What `plumb fuzz --json` prints, format 1',
  objectOf<FuzzResult>(
    {
      schema: { const: 'plumbline/fuzz/1' },
      spec: objectOf<FuzzResult['spec']>({ name: TEXT, version: TEXT, digest: DIGEST }, {}),
      seed: TEXT,
      implementations: texts,
      pairs: COUNT,
      rows: COUNT,
      hostile: COUNT,
      expressions: listOf(
        objectOf<FuzzedExpression>(
          {
            expression: TEXT,
            asked: texts,
            pairs: COUNT,
            errors: COUNT,
            by: mapOf(objectOf<FuzzedBy>({ pairs: COUNT }, { undecided: COUNT, refused: TEXT })),
          },
          {},
        ),
      ),
      skipped: listOf(objectOf<FuzzResult['skipped'][number]>({ clause: TEXT, reason: TEXT }, {})),
      disagreements: listOf(
        objectOf<FuzzDisagreement>(
          {
            asked: texts,
            differing: texts,
            reference: TEXT,
            answers: mapOf(TEXT),
            code: mapOf(TEXT),
            name: TEXT,
            case: ref('case'),
          },
          {},
        ),
      ),
      interrupted: FLAG,
    },
    {},
  ),
  { ...definitions, case: equalityCase },
)
