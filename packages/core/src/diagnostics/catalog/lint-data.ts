import { defineDiagnostic } from '../define.ts'

/** Findings of what a spec leaves out about the data of its models, and of names that nothing reads. */

export const noKey = defineDiagnostic<{ dataset: string }>({
  code: 'lint/no-key',
  severity: 'warning',
  message: ({ dataset }) => `Nothing tells the rows of \`${dataset}\` apart.`,
  why: 'Doubles, and subjects in two splits, cannot be found; a failing row has no name, and the record of a decision no case (AI Act, Art. 12).',
  fix: ({ dataset }) => `Name the columns that do: \`data.${dataset}.key: [id]\`.`,
})

export const labelWithoutOrigin = defineDiagnostic<{ label: string; dataset: string }>({
  code: 'lint/label-without-origin',
  severity: 'warning',
  message: ({ label, dataset }) => `Nothing says how the label \`${label}\` of \`${dataset}\` was made.`,
  why: 'A metric is as true as its labels: who or what gave them, when, and by which rule belongs to the data (ISO/IEC TS 4213, 5.3; AI Act, Art. 10 2 b and c).',
  fix: 'Say it at the column, such as `says: missed the payment due within 30 days, from the ledger`; `origin` and `rationale` do as well.',
})

export const sensitiveNotProtected = defineDiagnostic<{ column: string; dataset: string }>({
  code: 'lint/sensitive-not-protected',
  severity: 'warning',
  message: ({ column, dataset }) => `\`${column}\` of \`${dataset}\` is not declared as protected.`,
  why: 'By its name it holds what nobody may be treated worse for (EU Charter, Art. 21; AI Act, Art. 10 2 f); undeclared, nothing asks for fairness.',
  fix: 'Write `protected: true` at the column.',
})

export const protectedAsInput = defineDiagnostic<{ model: string; column: string; dataset: string }>({
  code: 'lint/protected-as-input',
  severity: 'warning',
  message: ({ model, column }) =>
    `\`${model}\` is given the protected column \`${column}\`, and no clause says what it may make of it.`,
  why: 'Equal results for groups are compatible with unequal treatment of two people who differ in nothing else.',
  fix: ({ model, column, dataset }) =>
    `Take it from the inputs, or add a clause \`of: ${model}, forall: { x: ${dataset}, s: ${dataset}.columns.${column} }\` on equal decisions.`,
})

export const inputWithoutContract = defineDiagnostic<{ model: string; columns: readonly string[] }>({
  code: 'lint/input-without-contract',
  severity: 'warning',
  message: ({ model, columns }) => `Any number is good enough for ${named(columns)} of \`${model}\`.`,
  why: 'A unit that changed, or a sentinel such as 999, reaches the model; instructions for use name the inputs (AI Act, Art. 13 3 b).',
  fix: 'Give the columns a `range`.',
})

export const missingUnstated = defineDiagnostic<{ clause: string; columns: readonly string[] }>({
  code: 'lint/missing-unstated',
  severity: 'info',
  message: ({ clause, columns }) => `\`${clause}\` does not say what becomes of rows without ${named(columns)}.`,
  why: 'Such a row fails, which may or may not be meant.',
  fix: 'Write `missing: exclude`, `missing: pass` or `missing: fail`.',
})

export const optionalWithoutBound = defineDiagnostic<{ model: string; columns: readonly string[] }>({
  code: 'lint/optional-without-bound',
  severity: 'info',
  message: ({ model, columns }) =>
    `Every cell of ${named(columns)} may be missing, and \`${model}\` answers all the same.`,
  why: 'A source that dries up is seen by nothing.',
  fix: ({ columns: [column = 'income'] }) => `Add a clause such as \`must: null_share(${column}) <= 0.05\`.`,
})

export const exceptionWithoutRationale = defineDiagnostic<{ what: string; mostly: number }>({
  code: 'lint/exception-without-rationale',
  severity: 'info',
  message: ({ what, mostly }) =>
    `\`${what}\` lets ${Number(((1 - mostly) * 100).toPrecision(6))} % of the rows be otherwise, and gives no reason.`,
  why: 'Exceptions hide new mistakes; data that is let through has to be accounted for (AI Act, Art. 10 2).',
  fix: 'Say which rows these are under `rationale`.',
})

export const unusedModel = defineDiagnostic<{ model: string }>({
  code: 'lint/unused-model',
  severity: 'info',
  message: ({ model }) => `No clause asks anything of \`${model}\`, or compares another model with it.`,
  why: 'It looks like a baseline, and is none.',
  fix: ({ model }) => `Compare with it (\`roc_auc() >= roc_auc(${model})\`), or remove it.`,
})

export const unusedParam = defineDiagnostic<{ param: string }>({
  code: 'lint/unused-param',
  severity: 'info',
  message: ({ param }) => `Nothing reads the parameter \`${param}\`.`,
  why: 'Whoever sets it believes that a bound has moved.',
  fix: 'Use it in a clause, or remove it.',
})

const named = (columns: readonly string[]): string => columns.map((column) => `\`${column}\``).join(', ')
