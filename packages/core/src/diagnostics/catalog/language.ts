import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** A key that the format does not have at this place. */
export const unknownKey = defineDiagnostic<{
  readonly key: string
  readonly of: string
  readonly fix: string | undefined
  readonly known: readonly string[]
  readonly nearest: string | undefined
}>({
  code: 'language/unknown-key',
  severity: 'error',
  message: ({ key, of }) => `The key '${shorten(key)}' is not known in ${of}.`,
  why: 'A mistyped key would otherwise be ignored in silence, and with it a requirement.',
  fix: ({ fix, known }) => fix ?? `Known here: ${known.join(', ')}. Keys of your own begin with 'x-'.`,
})

/** `on` where `of` is meant. */
export const onForOf = defineDiagnostic<Record<never, never>>({
  code: 'language/on-for-of',
  severity: 'error',
  message: () => "What a clause is about is named by 'of', not 'on'.",
  why: "Readers of YAML 1.1 take an unquoted 'on' for true, so the language does not use that word.",
  fix: "Write 'of' instead of 'on'.",
})

/** A key that must be there is not. */
export const missingKey = defineDiagnostic<{ readonly key: string; readonly of: string; readonly expects: string }>({
  code: 'language/missing-key',
  severity: 'error',
  message: ({ key, of }) => `The key '${key}' is missing in ${of}.`,
  why: ({ of }) => `Without it ${of} is not complete.`,
  fix: ({ key, expects }) => `Add '${key}: …' (${expects}).`,
})

/** A key with nothing after the colon. */
export const emptyValue = defineDiagnostic<{ readonly expects: string; readonly fix?: string }>({
  code: 'language/empty-value',
  severity: 'error',
  message: ({ expects }) => `A value is missing here: ${expects} is expected.`,
  why: 'An empty value could mean "nothing" or "forgotten"; the two are not the same.',
  fix: ({ fix }) => fix ?? 'Write the value, or remove the key.',
})

/** A value of another YAML type than the field takes. */
export const wrongType = defineDiagnostic<{ readonly found: string; readonly expects: string; readonly fix?: string }>({
  code: 'language/wrong-type',
  severity: 'error',
  message: ({ found, expects }) => `Found ${found} where ${expects} is expected.`,
  why: 'Every key is read by its declared type; nothing is converted by guessing.',
  fix: ({ fix, expects }) => fix ?? `Write ${expects}.`,
})

/** A scalar that is not a literal of the kind the field takes. */
export const badLiteral = defineDiagnostic<{ readonly text: string; readonly expects: string; readonly fix?: string }>({
  code: 'language/bad-literal',
  severity: 'error',
  message: ({ text, expects }) => `'${shorten(text)}' is not ${expects}.`,
  why: 'Number, duration and rate fields have literals of their own, and each is read exactly.',
  fix: ({ fix, expects }) => fix ?? `Write ${expects}.`,
})

/** A number outside what the field admits. */
export const outOfRange = defineDiagnostic<{
  readonly text: string
  readonly allowed: string
  /** What was probably meant. */
  readonly meant?: string | undefined
}>({
  code: 'language/out-of-range',
  severity: 'error',
  message: ({ text, allowed }) => `'${shorten(text)}' is out of range: ${allowed}.`,
  why: 'A value outside this range has no meaning here, or cannot be represented exactly.',
  fix: ({ meant }) => (meant === undefined ? 'Correct the value.' : `Write ${meant}.`),
})

/** `system.version` is no semantic version. */
export const notAVersion = defineDiagnostic<{ readonly text: string; readonly nearest: string | undefined }>({
  code: 'language/not-a-version',
  severity: 'warning',
  message: ({ text }) => `'${shorten(text)}' is not a semantic version.`,
  why: "'plumb diff' says by semantic versions (major.minor.patch) how far a change must move the version; beside any other text it cannot.",
  fix: ({ nearest }) => (nearest === undefined ? 'Write three numbers, such as 1.0.0.' : `Write ${nearest}.`),
})

/** `0.99%` where 99 % is probably meant. */
export const percentOfPercent = defineDiagnostic<{
  readonly text: string
  readonly meant: string
  readonly exact: string
}>({
  code: 'language/percent-of-percent',
  severity: 'warning',
  message: ({ text }) => `'${shorten(text)}' is less than one in a hundred.`,
  why: 'A fraction with a percent sign is a hundred times smaller than the fraction.',
  fix: ({ meant, exact }) => `Write ${meant}, or ${exact} if so little is meant.`,
})

/** A word that is not one of a closed list. */
export const notOneOf = defineDiagnostic<{
  readonly text: string
  readonly what: string
  readonly known: readonly string[]
  readonly nearest: string | undefined
}>({
  code: 'language/not-one-of',
  severity: 'error',
  message: ({ text, what }) => `'${shorten(text)}' is not ${what}.`,
  why: ({ known }) => `Possible here: ${known.join(', ')}.`,
  fix: ({ nearest, known }) =>
    nearest === undefined ? `Use one of: ${known.join(', ')}.` : `Did you mean '${nearest}'?`,
})

/** A name that expressions could not refer to. */
export const badName = defineDiagnostic<{
  readonly name: string
  readonly what: string
  readonly rule: string
  /** A name that would do. */
  readonly instead: string | undefined
}>({
  code: 'language/bad-name',
  severity: 'error',
  message: ({ name, what }) => `'${shorten(name)}' cannot be the name of ${what}.`,
  why: ({ rule }) => `A name here ${rule}, so that expressions can refer to it.`,
  fix: ({ instead }) =>
    instead === undefined ? 'Choose another name.' : `Write '${shorten(instead)}', or choose another name.`,
})

/** A clause with more than one form. */
export const severalForms = defineDiagnostic<{ readonly clause: string; readonly forms: readonly string[] }>({
  code: 'language/several-forms',
  severity: 'error',
  message: ({ clause, forms }) => `The clause '${shorten(clause)}' has ${forms.length} forms: ${forms.join(', ')}.`,
  why: 'A clause is one quantified statement with one verdict.',
  fix: 'Make a clause of each.',
})

/** An artifact that names more than one way to run a model. */
export const severalRunners = defineDiagnostic<{ readonly kinds: readonly string[] }>({
  code: 'language/several-runners',
  severity: 'error',
  message: ({ kinds }) => `The artifact names several ways to run a model: ${kinds.join(', ')}.`,
  why: 'A model is run in one way, so that its evidence speaks of one thing.',
  fix: 'Keep one of them, or declare two models.',
})

/** An alert that names more than one receiver. */
export const severalReceivers = defineDiagnostic<{ readonly kinds: readonly string[] }>({
  code: 'language/several-receivers',
  severity: 'error',
  message: ({ kinds }) => `The alert names several receivers: ${kinds.join(', ')}.`,
  why: 'Each receiver is told, retried and recorded by itself.',
  fix: 'Make an alert of each.',
})

/** A clause with no form at all. */
export const noForm = defineDiagnostic<{ readonly clause: string; readonly known: readonly string[] }>({
  code: 'language/no-form',
  severity: 'error',
  message: ({ clause }) => `The clause '${shorten(clause)}' states nothing that could be decided.`,
  why: ({ known }) => `A clause has exactly one of: ${known.join(', ')}.`,
  fix: "Add for example 'every: <condition on a row>' or 'must: <condition on aggregates>'.",
})

/** A key that belongs to another form of clause. */
export const misplacedKey = defineDiagnostic<{ readonly key: string; readonly form: string; readonly belongs: string }>(
  {
    code: 'language/misplaced-key',
    severity: 'error',
    message: ({ key, form }) => `'${shorten(key)}' has no meaning in a clause of the form '${form}'.`,
    why: ({ key, belongs }) => `'${shorten(key)}' belongs to ${belongs}; here it would be ignored.`,
    fix: ({ key }) => `Remove '${shorten(key)}', or use the form it belongs to.`,
  },
)

/** Codes of a category that are not all of one type. */
export const mixedCodes = defineDiagnostic<{ readonly first: string; readonly other: string }>({
  code: 'language/mixed-codes',
  severity: 'error',
  message: ({ first, other }) => `The codes mix types: the first is ${first}, this one is ${other}.`,
  why: 'A category has the type of its codes, so all of them must have the same.',
  fix: 'Write all codes as integers, all as true/false, or all as text (in quotes where they look like numbers).',
})

/** The same code of a category twice. */
export const duplicateCode = defineDiagnostic<{ readonly code: string }>({
  code: 'language/duplicate-code',
  severity: 'error',
  message: ({ code }) => `The code '${shorten(code)}' is listed twice.`,
  why: 'Each code of a category stands for one group.',
  fix: 'Remove one of them.',
})

/** `${NAME}` outside credentials, addresses and webhooks. */
export const environmentVariable = defineDiagnostic<{ readonly name: string }>({
  code: 'language/environment-variable',
  severity: 'error',
  message: ({ name }) => `The environment variable '\${${shorten(name)}}' cannot be used here.`,
  why: 'Only credentials, addresses and webhooks may come from the environment; anything else would change what a clause means from machine to machine.',
  fix: "Write the value itself, or declare it under 'params'.",
})

/** A path that leaves the project. */
export const pathOutside = defineDiagnostic<{ readonly path: string; readonly how: string }>({
  code: 'language/path-outside',
  severity: 'error',
  message: ({ path, how }) => `The path '${shorten(path)}' ${how}.`,
  why: 'A spec reads and writes only inside its project, whoever runs it and wherever.',
  fix: 'Write a path relative to the project folder, without leaving it.',
})

/** A source whose format cannot be told from its name. */
export const unknownFormat = defineDiagnostic<{ readonly path: string }>({
  code: 'language/unknown-format',
  severity: 'error',
  message: ({ path }) => `The format of '${shorten(path)}' cannot be told from its ending.`,
  why: 'A file is read as csv, parquet, json or arrow; guessing from its content would differ from file to file.',
  fix: ({ path }) =>
    /\.(xlsx?|xlsm|ods|numbers)$/i.test(path)
      ? 'Save the sheet as CSV, and name that file.'
      : 'Write source: { path: …, format: csv } (or parquet, json, arrow).',
})

/** `plumbline:` names a version of the language that this release does not read. */
export const languageVersion = defineDiagnostic<{ readonly version: string }>({
  code: 'language/version',
  severity: 'error',
  message: ({ version }) => `Version ${version} of the language is not known to this release.`,
  why: 'The version fixes the meaning of every clause; this release reads version 1.',
  fix: "Write 'plumbline: 1', or update Plumbline.",
})

/** A parameter given from outside that the spec does not declare. */
export const unknownParam = defineDiagnostic<{ readonly name: string; readonly nearest: string | undefined }>({
  code: 'language/unknown-param',
  severity: 'error',
  message: ({ name }) => `The parameter '${shorten(name)}' is given but not declared.`,
  why: "Only parameters declared under 'params' can alter a spec.",
  fix: ({ name, nearest }) =>
    nearest === undefined
      ? `Declare '${shorten(name)}' under 'params' with its default.`
      : `Did you mean '${nearest}'?`,
})

/** A command that was meant for a shell. */
export const shellCommand = defineDiagnostic<{ readonly word: string }>({
  code: 'language/shell-command',
  severity: 'error',
  message: ({ word }) => `'${shorten(word)}' has no meaning in a command: there is no shell.`,
  why: 'A text is split at spaces and started as it is; quotes, pipes and && would reach the program as plain text.',
  fix: 'Write the command as a list of arguments, such as [node, train.js, --name, two words]; put what needs a shell into a script.',
})

/** A part that is read but does not act yet. */
export const notEnforced = defineDiagnostic<{ readonly key: string; readonly closesProduction: boolean }>({
  code: 'language/not-enforced',
  severity: 'info',
  message: ({ key }) => `'${shorten(key)}' is declared but not yet enforced.`,
  why: ({ closesProduction }) =>
    closesProduction
      ? 'It could add a requirement that nothing checks yet, so it keeps the production gate closed.'
      : 'It is read and kept, but nothing acts on it yet; it does not close the gate.',
  fix: ({ closesProduction }) =>
    closesProduction ? 'Remove it to let a release reach production with this version.' : undefined,
})

/** More findings than are kept. */
export const tooManyFindings = defineDiagnostic<{ readonly limit: number }>({
  code: 'language/too-many-findings',
  severity: 'error',
  message: ({ limit }) => `There are more findings; only ${limit} are shown.`,
  why: 'Beyond this number a list helps nobody, and a hostile file could make it endless.',
  fix: 'Correct those shown first; check that the right file was named.',
})
