import { defineDiagnostic } from '../define.ts'

interface Unknown {
  readonly name: string
  /** The nearest known name, if any is near. */
  readonly near: string | undefined
  /** Some of the names that are known, in the order declared. */
  readonly known: readonly string[]
}

/** What other languages call the constants of this one, in lower case. */
const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ...['null', 'none', 'nil', 'undefined', 'na', 'nan', 'missing'].map((word) => [word, '`== null`'] as const),
  ['true', '`true`'],
  ['false', '`false`'],
])

const suggestion = ({ name, near, known }: Unknown, what: string): string =>
  CONSTANTS.has(name.toLowerCase())
    ? `Write ${CONSTANTS.get(name.toLowerCase())}.`
    : near !== undefined
      ? `Did you mean \`${near}\`?`
      : known.length === 0
        ? `There is no ${what} to choose from.`
        : `Known: ${known.slice(0, 24).join(', ')}${known.length > 24 ? `, … (${known.length} in all)` : ''}.`

/** A name in row scope that is no column. */
export const unknownColumn = defineDiagnostic<Unknown & { readonly relation: string }>({
  code: 'expr/unknown-column',
  severity: 'error',
  message: ({ name, relation }) => `\`${relation}\` has no column \`${name}\`.`,
  why: 'A condition on a row can name only the columns of its relation.',
  fix: (p) => suggestion(p, 'column'),
})

/** A name in relation or binder scope that stands for nothing. */
export const unknownName = defineDiagnostic<Unknown & { readonly scope: string }>({
  code: 'expr/unknown-name',
  severity: 'error',
  message: ({ name }) => `There is nothing named \`${name}\` here.`,
  why: ({ scope }) => scope,
  fix: (p) => suggestion(p, 'name'),
})

/** A field that a row, or the outputs of a model, do not have. */
export const unknownField = defineDiagnostic<Unknown & { readonly of: string }>({
  code: 'expr/unknown-field',
  severity: 'error',
  message: ({ name, of }) => `${of} has no field \`${name}\`.`,
  why: 'The fields of a bound row are the columns of its dataset; those of a model are its outputs and `decision`.',
  fix: (p) => suggestion(p, 'field'),
})

/** A dot behind something that has no fields. */
export const noFields = defineDiagnostic<{
  readonly text: string
  readonly type: string
  readonly instead: string | undefined
}>({
  code: 'expr/no-fields',
  severity: 'error',
  message: ({ text, type }) => `\`${text}\` is ${type} and has no fields.`,
  why: 'Only bound rows and the answers of models have fields.',
  fix: ({ instead }) => instead,
})

const CLOCK =
  'Compare with another column, or with an instant that is written out: a condition reads no clock, so that its verdict can be repeated.'
const OTHERWISE = 'Write `has(c) ? c : 0.0` with the value to take where `c` is missing.'
const POWER = 'Multiply: `x * x`.'
/** What to write for functions of other languages that have no counterpart of their own, by name in lower case. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ...['now', 'today', 'current_date', 'current_timestamp', 'getdate', 'sysdate'].map((word) => [word, CLOCK] as const),
  ...['coalesce', 'ifnull', 'nvl', 'fillna'].map((word) => [word, OTHERWISE] as const),
  ...['pow', 'power', 'math.pow'].map((word) => [word, POWER] as const),
  ...['isnull', 'is_null', 'isna', 'is_missing', 'isempty'].map((word) => [word, 'Write `c == null`.'] as const),
  ...['notnull', 'notna', 'is_not_null'].map((word) => [word, 'Write `c != null`.'] as const),
  ...['iff', 'iif', 'ifelse', 'if_else'].map((word) => [word, 'Write `condition ? a : b`.'] as const),
])

/** A function or method that is not in the function table. */
export const unknownFunction = defineDiagnostic<Unknown & { readonly kind: 'function' | 'method' }>({
  code: 'expr/unknown-function',
  severity: 'error',
  message: ({ name, kind }) => `There is no ${kind} \`${name}\`.`,
  why: 'Only functions of the function table mean the same on every target.',
  fix: ({ name, near, kind }) =>
    INSTEAD.get(name.toLowerCase()) ??
    (near === undefined ? `The list of ${kind}s is in the language reference.` : `Did you mean \`${near}\`?`),
})

/** A relation that is not declared. */
export const unknownRelation = defineDiagnostic<Unknown>({
  code: 'expr/unknown-relation',
  severity: 'error',
  message: ({ name }) => `There is no relation \`${name}\`.`,
  why: 'This argument is a relation: a dataset, one of its splits, or the predictions of a model.',
  fix: (p) => suggestion(p, 'relation'),
})

/** A model that is not declared. */
export const unknownModel = defineDiagnostic<Unknown>({
  code: 'expr/unknown-model',
  severity: 'error',
  message: ({ name }) => `There is no model \`${name}\`.`,
  why: 'This argument names the model whose metric is measured on the same rows.',
  fix: (p) => suggestion(p, 'model'),
})

/** A class that the label does not declare. */
export const unknownClass = defineDiagnostic<Unknown & { readonly relation: string }>({
  code: 'expr/unknown-class',
  severity: 'error',
  message: ({ name, relation }) => `The label of \`${relation}\` has no class ${name}.`,
  why: 'A metric of a class that no row can have would never be defined.',
  fix: (p) => suggestion(p, 'class'),
})

/** A clause id that is not in the spec. */
export const unknownClause = defineDiagnostic<Unknown>({
  code: 'expr/unknown-clause',
  severity: 'error',
  message: ({ name }) => `There is no clause \`${name}\`.`,
  why: 'The verdict of an unknown clause never comes.',
  fix: (p) => suggestion(p, 'clause'),
})

/** `violated("…")` outside a time clause. */
export const verdictScope = defineDiagnostic<{ readonly name: string }>({
  code: 'expr/verdict-scope',
  severity: 'error',
  message: ({ name }) => `\`${name}("…")\` reads the verdict of a clause, which exists only over time.`,
  why: 'Verdicts are known in `whenever`, `then` and `eventually` of a clause on `system`.',
  fix: 'Move the condition into a time clause.',
})

/** Too many or too few arguments. */
export const argumentCount = defineDiagnostic<{
  readonly name: string
  readonly expected: string
  readonly found: number
  readonly note?: string
  /** How it is written, where the count alone does not show it. */
  readonly example?: string
}>({
  code: 'expr/argument-count',
  severity: 'error',
  message: ({ name, expected, found }) => `\`${name}\` takes ${expected}, but has ${found} here.`,
  why: ({ note }) => note ?? 'Every argument has a meaning of its own; none has a default.',
  fix: ({ expected, example }) => (example === undefined ? `Give it ${expected}.` : `Write it like \`${example}\`.`),
})

/** An argument of the wrong kind: not a column, not a relation, not a plain number. */
export const argumentKind = defineDiagnostic<{
  readonly name: string
  readonly expected: string
  readonly found: string
  readonly example: string
}>({
  code: 'expr/argument-kind',
  severity: 'error',
  message: ({ name, expected, found }) => `\`${name}\` takes ${expected} here, not \`${found}\`.`,
  why: 'Which rows and columns are read must be known before anything is measured.',
  fix: ({ example }) => `Write it like \`${example}\`.`,
})

/** A variable of a comprehension or `cel.bind` with the name of something declared. */
export const shadowedVariable = defineDiagnostic<{ readonly name: string }>({
  code: 'expr/shadowed-variable',
  severity: 'error',
  message: ({ name }) => `\`${name}\` is declared already.`,
  why: 'A name that means two things is read wrongly sooner or later.',
  fix: 'Give the variable another name.',
})
