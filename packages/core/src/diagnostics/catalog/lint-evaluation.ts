import { defineDiagnostic } from '../define.ts'

/** Findings of what a spec leaves out when it judges a model. */

export const accuracyAlone = defineDiagnostic<{ model: string }>({
  code: 'lint/accuracy-alone',
  severity: 'warning',
  message: ({ model }) => `\`${model}\` is judged by its accuracy alone.`,
  why: 'Where one outcome is rare, a model that never predicts it is accurate (ISO/IEC TS 4213, 5.3).',
  fix: 'Add a clause on `recall()`, `precision()`, `balanced_accuracy()` or `roc_auc()`.',
})

export const judgedOnTrainingRows = defineDiagnostic<{
  clause: string
  name: string
  near: string | undefined
  training: string
  all: boolean
}>({
  code: 'lint/judged-on-training-rows',
  severity: 'warning',
  message: ({ clause, name, training, all }) =>
    all
      ? `\`${clause}\` judges \`${name}\` on all rows, those of \`${training}\` among them.`
      : `\`${clause}\` judges a model on \`${training}\`, the rows it has learned from.`,
  why: 'What a model has seen says little of what it will see: the number is too good (ISO/IEC TS 4213, 5.3).',
  fix: ({ near }) => (near === undefined ? 'Ask it of a split that was held out.' : `Write \`of: ${near}\`.`),
})

export const noHeldOutSplit = defineDiagnostic<{ model: string; dataset: string }>({
  code: 'lint/no-held-out-split',
  severity: 'warning',
  message: ({ model, dataset }) => `\`${model}\` is judged on \`${dataset}\`, of which no rows are held out.`,
  why: 'Nothing says that the model has not learned from the rows it is judged on (ISO/IEC TS 4213, 5.3).',
  fix: ({ dataset, model }) =>
    `Declare the splits: \`data.${dataset}.splits: { train: …, test: … }\`, and ask \`of: ${model}.test\`.`,
})

export const metByChance = defineDiagnostic<{
  clause: string
  bound: string
  name: string
  chance: number | undefined
}>({
  code: 'lint/met-by-chance',
  severity: 'warning',
  message: ({ clause, bound, name, chance }) =>
    chance === undefined
      ? `\`${clause}\` asks for \`${bound}\`, and \`${name}\` cannot be worse.`
      : `\`${clause}\` asks for \`${bound}\`, which a model that knows nothing reaches: its \`${name}\` is ${chance}.`,
  why: 'The clause is satisfied, and says nothing about the model.',
  fix: ({ chance }) =>
    chance === undefined ? 'Choose a bound that can be missed.' : `Choose a bound on the better side of ${chance}.`,
})

export const pointEstimate = defineDiagnostic<{ clause: string; level: number | undefined }>({
  code: 'lint/point-estimate',
  severity: 'warning',
  message: ({ clause, level }) =>
    level === undefined
      ? `\`${clause}\` decides a release by a number without its interval.`
      : `\`${clause}\` decides a release at a confidence of ${Number((level * 100).toPrecision(12))} %.`,
  why: 'On other rows of the same kind the number is another; what looks satisfied may be luck (ISO/IEC TS 4213, 5.3).',
  fix: 'Remove `confidence` (95 % counts), or give the clause `severity: info`.',
})

export const uncalibratedProbability = defineDiagnostic<{ model: string; output: string }>({
  code: 'lint/uncalibrated-probability',
  severity: 'warning',
  message: ({ model, output }) =>
    `\`${output}\` of \`${model}\` is called a probability, and no clause asks whether it is one.`,
  why: 'A ranking may be right and every probability wrong; whoever multiplies one by an amount relies on it.',
  fix: 'Add a clause such as `must: calibration_error() <= 0.05`, or on `brier()` or `log_loss()`.',
})

export const noRobustnessClause = defineDiagnostic<{ model: string; dataset: string }>({
  code: 'lint/no-robustness-clause',
  severity: 'info',
  message: ({ model }) => `Nothing is asked of \`${model}\` beyond the rows of its data.`,
  why: 'Production asks what no test row holds; a high-risk system has to be robust there, too (AI Act, Art. 15 4).',
  fix: ({ model, dataset }) =>
    `Add a clause such as \`of: ${model}, forall: { x: "near(${dataset}.rows, 1%)" }\`, or one on a direction or a group.`,
})

export const sliceReadsLabel = defineDiagnostic<{ clause: string; slice: string; label: string }>({
  code: 'lint/slice-reads-label',
  severity: 'warning',
  message: ({ clause, slice, label }) => `The slice \`${slice}\` of \`${clause}\` is picked by the label \`${label}\`.`,
  why: 'Within it all rows have the outcome that the metric is about: it is undefined there, or means something else.',
  fix: 'Pick a slice by what is known before the outcome.',
})

export const identifierAsInput = defineDiagnostic<{ model: string; column: string; role: 'key' | 'split' }>({
  code: 'lint/identifier-as-input',
  severity: 'warning',
  message: ({ model, column, role }) =>
    role === 'key'
      ? `\`${model}\` is given \`${column}\`, by which rows are told apart.`
      : `\`${model}\` is given \`${column}\`, which says in which split a row is.`,
  why: ({ role }) =>
    role === 'key'
      ? 'A model can learn rows by heart with it; what it knows of them is worth nothing for new ones.'
      : 'It has no value in production.',
  fix: ({ column }) => `Remove \`${column}\` from \`input.columns\`.`,
})

export const fallbackNotJudged = defineDiagnostic<{ model: string }>({
  code: 'lint/fallback-not-judged',
  severity: 'warning',
  message: ({ model }) => `\`${model}\` answers in the champion's place, and no clause is about it.`,
  why: 'Its answers count as much as those it replaces.',
  fix: ({ model }) => `Add a clause of \`${model}.test\`, or compare the champion with it.`,
})

export const channelNotCompared = defineDiagnostic<{ column: string; dataset: string }>({
  code: 'lint/channel-not-compared',
  severity: 'info',
  message: ({ column, dataset }) =>
    `No clause looks at \`${column}\` of \`${dataset}\`, by its name where rows come from.`,
  why: 'A model may know the site, device or person that made a row instead of what is asked (channel effects: ISO/IEC TS 4213, 5.3).',
  fix: ({ column }) =>
    `Add \`slices: [by ${column}]\` to a metric, or compare: \`gap_across(${column}, recall()) <= 0.1\`.`,
})
