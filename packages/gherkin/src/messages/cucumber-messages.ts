import {
  AttachmentContentEncoding,
  type Envelope,
  SourceMediaType,
  StepDefinitionPatternType,
  type TestStep,
  type TestStepResultStatus,
  TimeConversion,
  version,
} from '@cucumber/messages'
import { counter } from '../document/parse-document.ts'
import type { Feature } from '../read-features.ts'
import type { StepClause } from '../scenario/read-scenario.ts'

/** What became of a statement. */
export interface StepOutcome {
  readonly status: 'PASSED' | 'FAILED' | 'PENDING' | 'SKIPPED'
  /** Why it did not pass. */
  readonly message?: string
  /** What was found, a text each. */
  readonly found: readonly string[]
  readonly durationMs: number
}

/** A run, as it is told in messages. */
export interface MessageRun {
  readonly features: readonly Feature[]
  /** By the id of a clause. */
  readonly outcome: (clause: string) => StepOutcome
  readonly tool: { readonly name: string; readonly version: string }
  readonly host: { readonly os: string; readonly arch: string; readonly node: string }
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number
  readonly success: boolean
}

const { durationToMilliseconds: _, millisecondsToDuration, millisecondsSinceEpochToTimestamp } = TimeConversion

/** The stream of a run, in the order that readers of Cucumber messages expect. Pure: the same run gives the same stream. */
export function cucumberMessages(run: MessageRun): readonly Envelope[] {
  const newId = counter('run-')
  const definitions = definitionsOf(run.features, newId)
  const started = newId()
  const cases = run.features.flatMap((feature) => casesOf(feature, definitions, started, newId))
  let now = run.startedAt
  const at = () => millisecondsSinceEpochToTimestamp(now)
  const told = cases.flatMap(({ testCase, steps }): readonly Envelope[] => {
    const id = newId()
    const begun: Envelope = {
      testCaseStarted: { attempt: 0, id, testCaseId: testCase.id, timestamp: at() },
    }
    const within = steps.flatMap(({ testStep, clause }): readonly Envelope[] => {
      const outcome = clause === undefined ? NOTHING_ASKED : run.outcome(clause)
      const place = { testCaseStartedId: id, testStepId: testStep.id }
      const before: Envelope = { testStepStarted: { ...place, timestamp: at() } }
      const attached = outcome.found.map(
        (body): Envelope => ({
          attachment: {
            ...place,
            body,
            contentEncoding: AttachmentContentEncoding.IDENTITY,
            // Shown in line, unlike other texts.
            mediaType: 'text/x.cucumber.log+plain',
            timestamp: at(),
          },
        }),
      )
      now += outcome.durationMs
      const { status, message } = outcome
      const testStepResult = {
        status: status as TestStepResultStatus,
        duration: millisecondsToDuration(outcome.durationMs),
        ...(message === undefined ? {} : { message }),
      }
      return [before, ...attached, { testStepFinished: { ...place, testStepResult, timestamp: at() } }]
    })
    const ended: Envelope = { testCaseFinished: { testCaseStartedId: id, timestamp: at(), willBeRetried: false } }
    return [begun, ...within, ended]
  })
  const begun = millisecondsSinceEpochToTimestamp(run.startedAt)
  return [
    metaOf(run),
    ...run.features.flatMap(sourceOf),
    ...definitions.values(),
    { testRunStarted: { id: started, timestamp: begun } },
    ...cases.map(({ testCase }): Envelope => ({ testCase })),
    ...told,
    { testRunFinished: { testRunStartedId: started, success: run.success, timestamp: at() } },
  ]
}

const NOTHING_ASKED: StepOutcome = { status: 'PASSED', found: [], durationMs: 0 }

function metaOf({ tool, host }: MessageRun): Envelope {
  return {
    meta: {
      protocolVersion: version,
      implementation: tool,
      runtime: { name: 'node.js', version: host.node },
      os: { name: host.os },
      cpu: { name: host.arch },
    },
  }
}

function sourceOf({ file, document, pickles }: Feature): readonly Envelope[] {
  const markdown = file.path.endsWith('.feature.md')
  const mediaType = markdown
    ? SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_MARKDOWN
    : SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN
  return [
    { source: { uri: file.path, data: file.text, mediaType } },
    { gherkinDocument: { ...document, uri: file.path } },
    ...pickles.map((pickle): Envelope => ({ pickle })),
  ]
}

/** A definition for each pattern that a step fits, by its expression. */
function definitionsOf(
  features: readonly Feature[],
  newId: () => string,
): ReadonlyMap<string, Envelope & { stepDefinition: { id: string } }> {
  const used = new Set(features.flatMap(({ steps }) => steps.map(({ expression }) => expression)))
  return new Map(
    [...used].map((source) => {
      const pattern = { source, type: StepDefinitionPatternType.CUCUMBER_EXPRESSION }
      const sourceReference = { uri: 'plumb:steps' }
      return [source, { stepDefinition: { id: newId(), pattern, sourceReference } }] as const
    }),
  )
}

interface Case {
  readonly testCase: NonNullable<Envelope['testCase']>
  readonly steps: readonly { readonly testStep: TestStep; readonly clause: string | undefined }[]
}

function casesOf(
  { pickles, steps }: Feature,
  definitions: ReturnType<typeof definitionsOf>,
  testRunStartedId: string,
  newId: () => string,
): readonly Case[] {
  const links = new Map(steps.map((link) => [link.step, link]))
  return pickles.map((pickle): Case => {
    const id = newId()
    const read = pickle.steps.map(({ id: pickleStepId, text }) => {
      const link = links.get(pickleStepId)
      const testStep: TestStep = {
        id: newId(),
        pickleStepId,
        stepDefinitionIds: [definitions.get(link?.expression ?? '')?.stepDefinition.id ?? ''],
        stepMatchArgumentsLists: [{ stepMatchArguments: argumentsOf(link, text) }],
      }
      return { testStep, clause: link?.clause }
    })
    return {
      testCase: { id, pickleId: pickle.id, testRunStartedId, testSteps: read.map(({ testStep }) => testStep) },
      steps: read,
    }
  })
}

function argumentsOf(link: StepClause | undefined, text: string) {
  const names = [...(link?.expression ?? '').matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
  return (link?.groups ?? []).map(([start, end], i) => ({
    group: { children: [], start, value: text.slice(start, end) },
    parameterTypeName: names[i] ?? '',
  }))
}
