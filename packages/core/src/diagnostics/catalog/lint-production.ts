import { defineDiagnostic } from '../define.ts'

/** Findings of what a spec leaves out about a model in production. */

export const noLabels = defineDiagnostic<{ clause: string }>({
  code: 'lint/no-labels',
  severity: 'warning',
  message: ({ clause }) => `\`${clause}\` judges requests by labels, and nothing says where labels come from.`,
  why: 'It can never be decided, and looks like a monitor.',
  fix: 'Declare `monitor.labels: { source: …, join: …, within: … }`, or take `requests` out of `of`.',
})

export const noProductionMetric = defineDiagnostic<{ clause: string }>({
  code: 'lint/no-production-metric',
  severity: 'warning',
  message: () => 'No metric of the model is asked of `requests`.',
  why: 'A model that was good enough to be released is judged no more (AI Act, Art. 72: post-market monitoring).',
  fix: ({ clause }) => `Add \`requests\` to \`of\` of a clause such as \`${clause}\`, and declare \`monitor.labels\`.`,
})

export const noDriftClause = defineDiagnostic<{ dataset: string }>({
  code: 'lint/no-drift-clause',
  severity: 'warning',
  message: () => 'No clause compares what production asks with what the model was tested on.',
  why: 'Metrics in production come as late as the labels; a population that moves is seen at once (AI Act, Art. 72).',
  fix: ({ dataset }) =>
    `Add a clause such as \`of: requests, always: "max_over(columns, psi(column, ${dataset})) < 0.2"\`.`,
})

export const nothingFollows = defineDiagnostic<{ clauses: readonly string[] }>({
  code: 'lint/nothing-follows',
  severity: 'warning',
  message: ({ clauses }) =>
    `When ${clauses.map((clause) => `\`${clause}\``).join(' or ')} is violated in production, nobody is told and nothing is done.`,
  why: 'A monitor without an owner, an alert or an action protects nobody (AI Act, Art. 72 and 73).',
  fix: 'Add `monitor.alerts`, or name the clause under `release.production.rollback.when`, `pipeline.retrain.when` or in a `whenever`.',
})

export const noRollback = defineDiagnostic<{ clause: string | undefined }>({
  code: 'lint/no-rollback',
  severity: 'warning',
  message: () => 'Nothing takes a version out of production again.',
  why: 'A high-risk system can be stopped, and fails safe (AI Act, Art. 14 4 e and 15 4).',
  fix: ({ clause }) => `Add \`rollback: { when: [${clause ?? 'a clause on requests'}] }\`.`,
})

export const noFallback = defineDiagnostic<Record<never, never>>({
  code: 'lint/no-fallback',
  severity: 'info',
  message: () => 'Where the guard withholds an answer, there is no other.',
  why: 'Whoever asks gets an error, and has to have a plan of their own (AI Act, Art. 15 4: fail-safe).',
  fix: 'Add `fallback: { model: … }` or `fallback: { value: {…} }`.',
})

export const failOpen = defineDiagnostic<Record<never, never>>({
  code: 'lint/fail-open',
  severity: 'warning',
  message: () => 'Requests that the guard could not judge reach the model.',
  why: 'The guard protects only as long as it works; a clause in front of a high-risk system then holds most of the time.',
  fix: 'Write `on_failure: closed`, with a fallback.',
})

export const noLatencyBound = defineDiagnostic<Record<never, never>>({
  code: 'lint/no-latency-bound',
  severity: 'info',
  message: () => 'Nothing bounds the time that an answer may take.',
  why: 'A caller that gives up decides without the model, and without its guard.',
  fix: 'Add a clause `of: release, must: latency_ms(0.99) <= 50`, or `guard.budget`.',
})

export const noGuard = defineDiagnostic<Record<never, never>>({
  code: 'lint/no-guard',
  severity: 'warning',
  message: () => 'The model is released, and no guard stands in front of it.',
  why: 'What the data may not hold reaches the model all the same, and it answers (AI Act, Art. 15 4).',
  fix: 'Add `guard: { input: { on_violation: reject } }`.',
})
