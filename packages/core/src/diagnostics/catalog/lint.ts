import { defineDiagnostic } from '../define.ts'

export const noBaseline = defineDiagnostic<{ model: string }>({
  code: 'lint/no-baseline',
  severity: 'warning',
  message: ({ model }) => `No clause compares \`${model}\` with another model.`,
  why: 'Whether a metric is good is known only beside a baseline: a simple model, or the one it replaces (ISO/IEC TS 4213, 5.3).',
  fix: 'Add a clause such as `must: roc_auc() >= roc_auc(scorecard) + 0.01`, with the baseline under `models`.',
})

export const noLeakageCheck = defineDiagnostic<{ dataset: string; splits: readonly string[] }>({
  code: 'lint/no-leakage-check',
  severity: 'warning',
  message: ({ dataset, splits }) =>
    `No clause checks that the splits of \`${dataset}\` (${splits.join(', ')}) share no subject.`,
  why: 'A subject in both training and test data makes every metric too good (ISO/IEC TS 4213, 5.3).',
  fix: ({ dataset, splits: [first = 'train', second = 'test'] }) =>
    `Add a clause such as \`must: overlap(${dataset}.${first}, ${dataset}.${second}, id) == 0\`.`,
})

export const thresholdWithoutRationale = defineDiagnostic<{ clause: string }>({
  code: 'lint/threshold-without-rationale',
  severity: 'warning',
  message: ({ clause }) => `\`${clause}\` has a threshold and no reason for it.`,
  why: 'A system under a framework has to say why its metrics and thresholds are appropriate (AI Act, Annex IV 4; ISO/IEC TS 4213, 5.3).',
  fix: 'Write where the number comes from under `rationale`.',
})

export const hazardWithoutControl = defineDiagnostic<{ hazard: string }>({
  code: 'lint/hazard-without-control',
  severity: 'warning',
  message: ({ hazard }) => `No clause controls the hazard \`${hazard}\`.`,
  why: 'A hazard that was found and is not controlled is a decision; as it stands it looks like an oversight.',
  fix: 'Name clauses under its `controls`, or the hazard under `hazards` of a clause.',
})

export const protectedWithoutFairness = defineDiagnostic<{ column: string; dataset: string }>({
  code: 'lint/protected-without-fairness',
  severity: 'warning',
  message: ({ column, dataset }) => `\`${column}\` of \`${dataset}\` is protected, and no clause compares its groups.`,
  why: 'Performance over everybody hides a group that is served worse (AI Act, Art. 10 2 f; ISO/IEC TS 4213, 5.3).',
  fix: ({ column }) =>
    `Add a clause such as \`must: ratio_across(${column}, recall()) >= 0.8\`, with \`slices: [by ${column}]\`, or a \`forall\` over its values.`,
})

export const clauseMeetsNothing = defineDiagnostic<{ clause: string }>({
  code: 'lint/clause-meets-nothing',
  severity: 'info',
  message: ({ clause }) =>
    `\`${clause}\` blocks a release, and says neither which requirement it meets nor which hazard it controls.`,
  why: 'Nobody can say what is lost when it is dropped.',
  fix: 'Name the requirement under `meets` or the hazard under `hazards`.',
})

export const neverRequired = defineDiagnostic<{ clause: string; stage: string; requires: readonly string[] }>({
  code: 'lint/never-required',
  severity: 'warning',
  message: ({ clause, stage }) => `\`${clause}\` blocks, but no release asks for the stage \`${stage}\`.`,
  why: ({ requires }) =>
    `Production requires ${requires.join(', ')} only, so the clause can be violated and nothing closes.`,
  fix: ({ stage }) => `Add \`${stage}\` to \`release.production.requires\`, or give the clause \`severity: warn\`.`,
})

export const unusedSlice = defineDiagnostic<{ slice: string }>({
  code: 'lint/unused-slice',
  severity: 'info',
  message: ({ slice }) => `No clause is asked of the slice \`${slice}\`.`,
  why: 'A slice that is named and never looked at gives false comfort.',
  fix: ({ slice }) => `Name it under \`slices\` of a clause (\`slices: [all, ${slice}]\`), or remove it.`,
})

export const undescribedSystem = defineDiagnostic<{ missing: readonly string[] }>({
  code: 'lint/undescribed-system',
  severity: 'warning',
  message: ({ missing }) => `The system says nothing about ${missing.join(', ')}.`,
  why: 'What it is for, what it is not for, and who answers for it are the first things a framework asks (AI Act, Annex IV 1).',
  fix: 'Fill in `purpose`, `use: { intended: […], excluded: […] }` and `owners` of the system.',
})

export const onlyOverall = defineDiagnostic<{ model: string }>({
  code: 'lint/only-overall',
  severity: 'warning',
  message: ({ model }) => `Every metric of \`${model}\` is over all rows; no clause looks at a slice.`,
  why: 'A good average is compatible with a group for which the model fails (AI Act, Annex IV 3; ISO/IEC TS 4213, 5.3).',
  fix: 'Give a clause `slices: [by column]`, or compare groups with `ratio_across`.',
})

export const deadSuppression = defineDiagnostic<{ code: string; at: string | undefined }>({
  code: 'lint/dead-suppression',
  severity: 'warning',
  message: ({ code, at }) =>
    `Nothing is left to suppress: there is no \`${code}\`${at === undefined ? '' : ` about \`${at}\``}.`,
  why: 'It would hide the next finding of its kind, which nobody has looked at.',
  fix: 'Remove it.',
})

export const unknownSuppression = defineDiagnostic<{
  name: string
  near: string | undefined
  severity: string | undefined
}>({
  code: 'lint/unknown-suppression',
  severity: 'error',
  message: ({ name, severity }) =>
    severity === 'error'
      ? `\`${name}\` is an error, and errors cannot be suppressed.`
      : `There is no finding \`${name}\`.`,
  why: 'Only warnings and information, by their code, can be left out.',
  fix: ({ near, severity }) =>
    severity === 'error'
      ? 'Remove the mistake.'
      : near === undefined
        ? 'See docs/reference/diagnostics.md.'
        : `Did you mean \`${near}\`?`,
})
