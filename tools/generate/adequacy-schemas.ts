/** The published schemas of what `plumb trace`, `plumb gaps` and `plumb mutate` print. */
import type {
  TracedClause,
  TracedQuestion,
  TracedRequirement,
  TraceMatrix,
} from '../../packages/core/src/adequacy/matrix.ts'
import type { ForeignResult } from '../../packages/core/src/adequacy/foreign/foreign-result.ts'
import type { NamedQuestion } from '../../packages/core/src/gate/foreign.ts'
import type { Program } from '../../packages/core/src/clause/program.ts'
import {
  COUNT,
  DIGEST,
  document,
  FLAG,
  type JsonSchema,
  listOf,
  NUMBER,
  objectOf,
  oneOfTexts,
  ref,
  TEXT,
} from './json-schema.ts'
import { evidenceDefinitions } from '../../packages/core/src/evidence/schema.ts'
import type { Gaps } from '../../packages/cli/src/verbs/gaps.ts'
import type { Gap } from '../../packages/core/src/adequacy/gaps/gap.ts'
import type { ClauseAdequacy } from '../../packages/core/src/adequacy/level.ts'
import type { Mutated } from '../../packages/cli/src/verbs/mutate.ts'
import type { Proposal } from '../../packages/core/src/mutation/propose.ts'
import type { ControlResult, FaultResult, Reaction, SpecResult } from '../../packages/core/src/mutation/result.ts'
import type { ClauseScore, GroupScore, MutationScore, Rate } from '../../packages/core/src/mutation/score.ts'
import type { UnreadEntry } from '../../packages/cli/src/tracing/words.ts'
import type { Traced } from '../../packages/cli/src/verbs/trace.ts'

const spec = objectOf<Program['spec']>({ name: TEXT, version: TEXT, digest: DIGEST }, {})
const stage = { enum: ['data', 'model', 'release', 'runtime'] }
const severity = { enum: ['block', 'warn', 'info'] }

const foreign: JsonSchema = objectOf<ForeignResult>(
  {
    tool: oneOfTexts<ForeignResult['tool']>({ junit: true, 'great-expectations': true, deepchecks: true }),
    name: { type: 'string' },
    verdict: oneOfTexts<ForeignResult['verdict']>({ satisfied: true, violated: true, error: true, skipped: true }),
    clauses: listOf(TEXT),
  },
  {
    about: listOf(objectOf<NamedQuestion>({ clause: TEXT }, { relation: TEXT, slice: TEXT })),
    by: oneOfTexts<NonNullable<ForeignResult['by']>>({ tag: true, name: true }),
    near: TEXT,
    detail: TEXT,
  },
)

/** The published schema of `plumb trace --json`. */
export const traceSchema = document(
  'trace',
  'What `plumb trace --json` prints, format 1',
  objectOf<Traced>(
    {
      schema: { const: 'plumbline/trace/1' },
      spec,
      linked: FLAG,
      requirements: listOf(
        objectOf<TracedRequirement>(
          {
            id: TEXT,
            says: TEXT,
            state: oneOfTexts<TracedRequirement['state']>({
              uncovered: true,
              failing: true,
              suspect: true,
              covered: true,
              verified: true,
            }),
            clauses: listOf(
              objectOf<TracedClause>(
                {
                  clause: TEXT,
                  severity,
                  suspect: FLAG,
                  questions: listOf(
                    objectOf<TracedQuestion>(
                      { relation: TEXT, slice: TEXT, stage, stale: FLAG },
                      { verdict: ref('verdict'), reason: TEXT, evidence: DIGEST, foreign: { const: true } },
                    ),
                  ),
                  foreign: listOf(ref('foreign')),
                },
                { level: { type: 'integer', minimum: 0, maximum: 5 } },
              ),
            ),
          },
          { source: TEXT, owner: TEXT },
        ),
      ),
      unread: listOf(objectOf<UnreadEntry>({ file: TEXT, what: TEXT }, { line: { type: 'integer', minimum: 1 } })),
      orphans: objectOf<TraceMatrix['orphans']>(
        {
          clauses: listOf(TEXT),
          links: listOf(objectOf<TraceMatrix['orphans']['links'][number]>({ requirement: TEXT, clause: TEXT }, {})),
          results: listOf(ref('foreign')),
        },
        {},
      ),
    },
    {},
  ),
  { foreign, verdict: evidenceDefinitions['verdict'] as JsonSchema },
)

const reaction = objectOf<Reaction>({ clause: TEXT, severity, relation: TEXT, slice: TEXT }, {})
const interval = objectOf<Rate['interval']>({ low: NUMBER, high: NUMBER }, {})
const numberOrNull: JsonSchema = { type: ['number', 'null'] }
const rate = objectOf<Rate>({ k: COUNT, n: COUNT, value: numberOrNull, interval: ref('interval') }, {})
const fault: JsonSchema = {
  description: 'The fault that was planted; which members it has beside these follows from its kind.',
  type: 'object',
  properties: { id: TEXT, says: TEXT, group: { enum: ['data', 'model', 'serving'] }, operator: TEXT },
  required: ['id', 'says', 'group', 'operator'],
}

/** The published schema of `plumb mutate --json`. */
export const mutationSchema = document(
  'mutation',
  'What `plumb mutate --json` prints, format 1',
  objectOf<Mutated>(
    {
      schema: { const: 'plumbline/mutation/1' },
      spec,
      seed: { type: 'string' },
      score: objectOf<MutationScore>(
        {
          level: NUMBER,
          groups: listOf(
            objectOf<GroupScore>(
              {
                group: { enum: ['data', 'model', 'serving', 'spec'] },
                kills: ref('rate'),
                stopped: COUNT,
                undecided: COUNT,
                leftOut: COUNT,
              },
              {},
            ),
          ),
          kills: ref('rate'),
          alarms: ref('rate'),
          score: objectOf<MutationScore['score']>({ value: numberOrNull, interval: ref('interval') }, {}),
          clauses: listOf(objectOf<ClauseScore>({ clause: TEXT, kills: COUNT, alone: COUNT, alarms: COUNT }, {})),
          redundant: listOf(TEXT),
          fragile: listOf(TEXT),
        },
        {},
      ),
      faults: listOf(
        objectOf<FaultResult>(
          {
            fault: ref('fault'),
            outcome: oneOfTexts<FaultResult['outcome']>({
              killed: true,
              undecided: true,
              survived: true,
              unchanged: true,
              failed: true,
            }),
            changed: COUNT,
            asked: COUNT,
            kills: listOf(ref('reaction')),
            undecided: listOf(ref('reaction')),
          },
          { cause: TEXT, proposal: objectOf<Proposal>({ id: TEXT, yaml: TEXT }, {}) },
        ),
      ),
      controls: listOf(
        objectOf<ControlResult>(
          {
            control: objectOf<ControlResult['control']>(
              {
                group: { const: 'control' },
                operator: { enum: ['reseed', 'reorder', 'resample'] },
                id: TEXT,
                says: TEXT,
                number: COUNT,
              },
              {},
            ),
            alarms: listOf(ref('reaction')),
            undecided: listOf(ref('reaction')),
          },
          { cause: TEXT },
        ),
      ),
      specFaults: listOf(
        objectOf<SpecResult>(
          {
            id: TEXT,
            operator: { enum: ['relaxed-bound', 'flipped-operator', 'dropped-conjunct'] },
            clause: TEXT,
            says: TEXT,
            outcome: { enum: ['killed', 'survived'] },
          },
          { by: TEXT },
        ),
      ),
      baseline: objectOf<Mutated['baseline']>(
        {
          satisfied: COUNT,
          asked: COUNT,
          unheld: listOf(
            objectOf<Mutated['baseline']['unheld'][number]>(
              {
                clause: TEXT,
                relation: TEXT,
                slice: TEXT,
                verdict: { enum: ['violated', 'inconclusive', 'error', 'skipped'] },
              },
              { cause: TEXT },
            ),
          ),
        },
        {},
      ),
      interrupted: FLAG,
    },
    {},
  ),
  { reaction, interval, rate, fault },
)

/** The published schema of `plumb gaps --json`. */
export const gapsSchema = document(
  'gaps',
  'What `plumb gaps --json` prints, format 1',
  objectOf<Gaps>(
    {
      schema: { const: 'plumbline/gaps/1' },
      spec,
      gaps: listOf(
        objectOf<Gap>(
          {
            kind: oneOfTexts<Gap['kind']>({
              hazard: true,
              requirement: true,
              'surviving-fault': true,
              pair: true,
              segment: true,
              output: true,
              column: true,
              slice: true,
              monitor: true,
              guard: true,
              level: true,
            }),
            subject: TEXT,
            says: TEXT,
            fix: TEXT,
            weight: NUMBER,
          },
          { yaml: TEXT },
        ),
      ),
      levels: listOf(
        objectOf<ClauseAdequacy>({ clause: TEXT, level: { type: 'integer', minimum: 0, maximum: 5 } }, { next: TEXT }),
      ),
      histogram: { type: 'array', items: COUNT, minItems: 6, maxItems: 6 },
      mutated: FLAG,
    },
    {
      pairsCause: TEXT,
      segments: objectOf<NonNullable<Gaps['segments']>>(
        { relation: TEXT, rows: COUNT, tested: COUNT, alpha: NUMBER },
        {},
      ),
    },
  ),
)
