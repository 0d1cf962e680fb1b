import { shellCommand } from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { anyName, byKind, id, list, mapOf, record } from '../reader/collections.ts'
import { present, type Reader, transform } from '../reader/reader.ts'
import {
  address,
  boolean,
  choice,
  duration,
  durationAtLeast,
  number,
  path,
  plainValue,
  rate,
  rawText,
  share,
  text,
  word,
} from '../reader/scalars.ts'
import type { Guard, Monitor, Pipeline, PipelineStage } from '../spec.ts'

const severity = choice('a severity', ['block', 'warn', 'info'] as const)

const guardAction = choice('an action', ['reject', 'fallback', 'flag'] as const)

const guard = record("the 'guard' section", {
  input: record("'input' of the guard", { on_violation: guardAction }),
  output: record("'output' of the guard", { on_violation: guardAction }),
  on_failure: choice("'open' or 'closed'", ['open', 'closed'] as const),
  fallback: record("'fallback' of the guard", {
    model: word,
    value: mapOf(anyName('an output'), plainValue, (_name, value) => value),
  }),
  budget: record("'budget' of the guard", { added_latency_p99: durationAtLeast(1n), severity }),
})

/** `guard`: what is done with requests and answers that violate a clause. */
export const guardSection: Reader<Guard> = transform(guard, ({ values, span }) => {
  const { fallback, budget } = values
  const addedLatency = budget?.values.added_latency_p99
  return {
    span,
    ...present({
      input: values.input?.values.on_violation,
      output: values.output?.values.on_violation,
      onFailure: values.on_failure,
      fallback: fallback && {
        span: fallback.span,
        ...present({ model: fallback.values.model, value: fallback.values.value }),
      },
      budget: addedLatency && { addedLatency, ...present({ severity: budget?.values.severity }) },
    }),
  }
})

const monitor = record("the 'monitor' section", {
  windows: list(duration),
  lateness: durationAtLeast(0n),
  min_rows: number('a number of rows', { integer: true, atLeast: 0 }),
  labels: record("'labels' of the monitor", { source: path, join: list(word), within: duration, min_share: share }),
  alerts: list(record('an alert', { webhook: address, severity, when: list(word) })),
})

/** `monitor`: windows of production traffic. */
export const monitorSection: Reader<Monitor> = transform(monitor, ({ values, span }) => ({
  span,
  windows: values.windows ?? [],
  ...present({ lateness: values.lateness, minRows: values.min_rows }),
}))

/** What a shell would act on, and what would reach the program as plain text without one. */
const SHELL = /^(?:\|\|?|&&?|;|[0-9]?>>?|<)$|;$|["'`]|\$\(/

/** An argument list; a text is split on spaces, and never given to a shell. */
const run: Reader<Located<readonly string[]>> = byKind('a command and its arguments', {
  scalar: transform(text, ({ value, span }, _node, context) => {
    const words = value.trim().split(/\s+/)
    const odd = words.find((part) => SHELL.test(part))
    if (odd !== undefined) context.report(diagnose(shellCommand, span, { word: odd }))
    return { value: words, span }
  }),
  list: transform(list(rawText), (parts, node) =>
    parts.length === 0 ? undefined : { value: parts.map((part) => part.value), span: node.span },
  ),
})

const stage = record(
  'a stage of the pipeline',
  {
    run,
    needs: list(path),
    makes: list(path),
    params: mapOf(anyName('a parameter'), plainValue, (_name, { value }) => value),
  },
  { required: ['run'] },
)

const stages: Reader<ReadonlyMap<string, PipelineStage>> = mapOf(
  id('a stage'),
  stage,
  (name, { values }) =>
    values.run && {
      ...name,
      run: values.run,
      needs: values.needs ?? [],
      makes: values.makes ?? [],
      params: values.params ?? new Map(),
    },
)

const retrain = record("'retrain'", {
  when: list(
    byKind("a clause, 'new-data', or { schedule: 30d }", {
      scalar: word,
      map: record('a schedule', { schedule: duration }, { required: ['schedule'] }),
    }),
  ),
  cooldown: duration,
  budget: rate,
})

/** `pipeline`: how data and candidate come about; `retrain` is not enforced yet. */
export const pipelineSection: Reader<Pipeline> = transform(
  record("the 'pipeline' section", { candidate: path, stages, retrain }),
  ({ values, span, entries }, _node, context) => {
    const later = entries.get('retrain')
    if (later !== undefined) context.leaveUnenforced('pipeline.retrain', later.keyNode.span, false)
    return { span, stages: values.stages ?? new Map(), ...present({ candidate: values.candidate }) }
  },
)

const environment = record('an environment of a release', {
  requires: list(choice('a stage', ['data', 'model', 'release'] as const)),
  approvals: list(word),
  canary: share,
  shadow: boolean,
  rollback: record("'rollback'", { when: list(word) }),
})

const release = record("the 'release' section", { staging: environment, production: environment })

/**
 * `release`: data and model clauses are what the gate asks for anyway; whatever could ask for more (approvals, release
 * clauses) keeps production closed until it is enforced.
 */
export const releaseSection = transform(release, ({ values, entries }, _node, context) => {
  for (const name of ['staging', 'production'] as const) {
    const read = values[name]
    if (read === undefined || !entries.has(name)) continue
    for (const [key, entry] of read.entries) {
      const asksMore =
        key === 'approvals' || (key === 'requires' && read.values.requires?.some((r) => r.value === 'release'))
      if (key !== 'requires' || asksMore === true)
        context.leaveUnenforced(`release.${name}.${key}`, entry.keyNode.span, asksMore === true)
    }
  }
  return values
})
