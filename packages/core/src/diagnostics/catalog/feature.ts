import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

const didYouMean = (near: string | undefined): string | undefined =>
  near === undefined ? undefined : `Did you mean \`${near}\`?`

/** Text that is no Gherkin. */
export const badGherkin = defineDiagnostic<{ problem: string; fix?: string | undefined }>({
  code: 'feature/syntax',
  severity: 'error',
  message: ({ problem }) => `This is not Gherkin: ${problem}.`,
  why: 'What cannot be read asks nothing, and nobody would notice.',
  fix: ({ fix }) => fix,
})

/** `# language: xx` names no dialect. */
export const unknownDialect = defineDiagnostic<{ name: string; near: string | undefined; count: number }>({
  code: 'feature/unknown-dialect',
  severity: 'error',
  message: ({ name }) => `Gherkin has no dialect \`${shorten(name)}\`.`,
  why: 'The keywords of the file depend on it.',
  fix: ({ near, count }) =>
    didYouMean(near) ?? `Name one of the ${count} dialects of Gherkin, such as en, de, fr or ja.`,
})

/** A pattern under `features` that no file matches. */
export const noFeature = defineDiagnostic<{ pattern: string }>({
  code: 'feature/no-file',
  severity: 'error',
  message: ({ pattern }) => `No feature file matches \`${shorten(pattern)}\`.`,
  why: 'Clauses that were meant to be there would silently be missing.',
  fix: 'Check the path; it is relative to the project folder, and files end in `.feature` or `.feature.md`.',
})

/** A feature file that cannot be used. */
export const unreadableFeature = defineDiagnostic<{ path: string; problem: string; fix: string }>({
  code: 'feature/unreadable',
  severity: 'error',
  message: ({ path, problem }) => `The feature \`${shorten(path)}\` ${problem}.`,
  why: 'Its clauses would silently be missing.',
  fix: ({ fix }) => fix,
})

/** More than is read of one file. */
export const tooLarge = defineDiagnostic<{ what: string; count: number; limit: number }>({
  code: 'feature/too-large',
  severity: 'error',
  message: ({ what, count, limit }) => `There are ${count} ${what}; ${limit} are read.`,
  why: 'Each of them becomes a clause with a verdict of its own; so many are data, not a specification.',
  fix: 'State the rule once, such as with a slice by a column, or split the file.',
})

/** A step that the library does not have. */
export const unknownStep = defineDiagnostic<{ text: string; near: string | undefined }>({
  code: 'feature/unknown-step',
  severity: 'error',
  message: ({ text }) => `No step reads \`${shorten(text)}\`.`,
  why: 'The library of steps is closed: a step that nothing understands would be a promise nobody keeps.',
  fix: ({ near }) => didYouMean(near) ?? 'See `plumb steps`; a step of your own is a macro in the spec.',
})

/** A gap of an outline for which its examples have no column. */
export const unknownGap = defineDiagnostic<{ name: string; near: string | undefined; known: readonly string[] }>({
  code: 'feature/unknown-gap',
  severity: 'error',
  message: ({ name }) => `The examples have no column \`${shorten(name)}\`.`,
  why: 'A gap of an outline is filled from the column of its name; one that stays open says nothing.',
  fix: ({ near, known }) => didYouMean(near) ?? `Columns of the examples: ${known.join(', ') || 'none'}.`,
})

/** A step whose words fit, and one of whose arguments does not. */
export const badArgument = defineDiagnostic<{ text: string; expects: string; near?: string | undefined }>({
  code: 'feature/bad-argument',
  severity: 'error',
  message: ({ text, expects }) => `\`${shorten(text)}\` is not ${expects}.`,
  why: 'A step becomes a typed clause; what it says there has no meaning in one.',
  fix: ({ near, expects }) => didYouMean(near) ?? `Write ${expects}.`,
})

/** A metric that the language does not have. */
export const unknownMetric = defineDiagnostic<{ name: string; near: string | undefined; known: readonly string[] }>({
  code: 'feature/unknown-metric',
  severity: 'error',
  message: ({ name }) => `There is no metric \`${shorten(name)}\`.`,
  why: 'A metric has one definition, with its ties, averaging and interval; an unknown one has none.',
  fix: ({ near, known }) => didYouMean(near) ?? `Known: ${known.join(', ')}.`,
})

/** A step of the library that cannot be decided yet. */
export const stepNotBuilt = defineDiagnostic<{ step: string; reason: string }>({
  code: 'feature/not-built',
  severity: 'error',
  message: ({ step }) => `The step \`${shorten(step)}\` is not built yet.`,
  why: ({ reason }) => reason,
  fix: 'Remove it, or state what can be measured today: `plumb steps` says which steps are built.',
})

/** A statement under Given or When, or the reverse. */
export const misplacedStep = defineDiagnostic<{ statement: boolean }>({
  code: 'feature/misplaced-step',
  severity: 'error',
  message: ({ statement }) =>
    statement ? 'A statement stands under Given or When.' : 'What a scenario is about stands under Then.',
  why: ({ statement }) =>
    statement
      ? 'Given and When say what a scenario is about; a statement there would read as a condition, and be none.'
      : 'Then states what has to hold; this states nothing.',
  fix: ({ statement }) => (statement ? 'Write Then before it.' : 'Write Given before it, above the first Then.'),
})

/** A scenario without any statement. */
export const emptyScenario = defineDiagnostic<{ name: string }>({
  code: 'feature/no-statement',
  severity: 'warning',
  message: ({ name }) => `The scenario \`${shorten(name)}\` states nothing.`,
  why: 'It makes no clause, so nothing is ever asked for it.',
  fix: 'Add a Then, or remove it.',
})

/** An outline that no row fills. */
export const emptyOutline = defineDiagnostic<{ name: string }>({
  code: 'feature/no-examples',
  severity: 'warning',
  message: ({ name }) => `The outline \`${shorten(name)}\` has no row of examples.`,
  why: 'It makes no clause, so nothing is ever asked for it.',
  fix: 'Write a row below the header of its examples, or take the outline out.',
})

/** A feature file without any scenario. */
export const emptyFeature = defineDiagnostic<{ path: string }>({
  code: 'feature/no-scenario',
  severity: 'warning',
  message: ({ path }) => `The feature \`${shorten(path)}\` has no scenario.`,
  why: 'It makes no clause, so nothing is ever asked for it.',
  fix: ({ path }) =>
    path.endsWith('.md')
      ? 'Scenarios are headings in Markdown, `## Scenario: …`, and steps are items of a list.'
      : 'Add one, or leave the file out of `features`.',
})

/** A step that needs a dataset, model or split which nobody named. */
export const noSubject = defineDiagnostic<{ what: string; fix: string }>({
  code: 'feature/no-subject',
  severity: 'error',
  message: ({ what }) => `It is not said of which ${what} this is asked.`,
  why: 'A clause is asked of a named relation.',
  fix: ({ fix }) => fix,
})

/** A step that says of the spec what the spec does not say. */
export const disagrees = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'feature/disagrees',
  severity: 'error',
  message: ({ problem }) => problem,
  why: 'Feature and spec are one specification: where they differ, one of them is wrong.',
  fix: ({ fix }) => fix,
})

/** A table or text below a step that takes none, or the reverse. */
export const stepArgument = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'feature/step-argument',
  severity: 'error',
  message: ({ problem }) => problem,
  why: 'What stands below a step is part of what it says.',
  fix: ({ fix }) => fix,
})

/** A tag that means nothing here. */
export const unknownTag = defineDiagnostic<{ tag: string; near: string | undefined }>({
  code: 'feature/unknown-tag',
  severity: 'error',
  message: ({ tag }) => `The tag \`${shorten(tag)}\` means nothing here.`,
  why: 'Tags say how a clause counts and what it meets; a mistyped one would be ignored in silence.',
  fix: ({ near }) =>
    didYouMean(near) ??
    'Known: @id:…, @severity:…, @slice:…, @by:…, @mostly:…, @missing:…, @confidence:…, @owner:…, @of:…, @sample, @allow-empty, and the names of requirements and hazards. Tags of your own begin with @x-.',
})

/** A tag in a place, or of a value, that it cannot have. */
export const badTag = defineDiagnostic<{ tag: string; problem: string; fix: string }>({
  code: 'feature/bad-tag',
  severity: 'error',
  message: ({ tag, problem }) => `The tag \`${shorten(tag)}\` ${problem}.`,
  why: 'Tags say how a clause counts and what it meets.',
  fix: ({ fix }) => fix,
})

/** Two clauses of one name. */
export const sameId = defineDiagnostic<{ id: string }>({
  code: 'feature/duplicate-id',
  severity: 'error',
  message: ({ id }) => `Two clauses would be named \`${shorten(id)}\`.`,
  why: 'Evidence names its clause by its id.',
  fix: 'Give the scenario an id of its own, @id:…; name an outline by what tells its rows apart, such as `<column>`.',
})

/** A macro that cannot be a step. */
export const badMacro = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'feature/bad-macro',
  severity: 'error',
  message: ({ problem }) => `This cannot be a step: ${problem}.`,
  why: 'A macro is a step with typed gaps, read like those of the library.',
  fix: ({ fix }) => fix,
})
