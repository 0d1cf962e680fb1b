/** The contracts of `plumb steps --json` and `plumb propose --json`. */
import { COUNT, document, FLAG, type JsonSchema, listOf, objectOf, oneOfTexts, ref, TEXT } from './json-schema.ts'
import type { StepEntry } from '../../packages/gherkin/src/steps/listing.ts'

/** The published schema of what `plumb steps --json` prints. */
export const stepsSchema: JsonSchema = document(
  'steps',
  'What `plumb steps --json` prints, format 1',
  {
    type: 'object',
    properties: {
      schema: { const: 'plumbline/steps/1' },
      steps: listOf(ref('step')),
      gaps: listOf(objectOf<{ readonly name: string; readonly expects: string }>({ name: TEXT, expects: TEXT }, {})),
    },
    required: ['schema', 'steps', 'gaps'],
    additionalProperties: false,
  },
  {
    step: objectOf<StepEntry>(
      { area: TEXT, text: TEXT, also: listOf(TEXT), example: TEXT, doc: TEXT, estimates: FLAG },
      { number: COUNT, below: oneOfTexts<'table' | 'text'>({ table: true, text: true }), notBuilt: TEXT },
    ),
  },
)

const cells: JsonSchema = {
  anyOf: [{ type: 'null' }, { type: 'object', additionalProperties: { type: ['string', 'null'] } }],
}

/** The published schema of what `plumb propose --json` prints. */
export const proposeSchema: JsonSchema = document('propose', 'What `plumb propose --json` prints, format 1', {
  type: 'object',
  properties: {
    schema: { const: 'plumbline/propose/1' },
    step: TEXT,
    yaml: TEXT,
    english: TEXT,
    rows: {
      anyOf: [
        { type: 'null' },
        {
          type: 'object',
          properties: { passes: cells, fails: cells },
          required: ['passes', 'fails'],
          additionalProperties: false,
        },
      ],
    },
    notes: listOf(TEXT),
  },
  required: ['schema', 'step', 'yaml', 'english', 'rows', 'notes'],
  additionalProperties: false,
})
