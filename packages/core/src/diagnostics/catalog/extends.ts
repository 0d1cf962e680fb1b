import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** A value that took the place of one from an extended file. */
export const overrides = defineDiagnostic<{ readonly path: string; readonly file: string }>({
  code: 'language/overrides',
  severity: 'info',
  message: ({ path, file }) => `'${shorten(path)}' overrides what ${file} says.`,
  why: 'Of two files the one that extends counts, and what it says replaces the other as a whole.',
})

/** An extended file that cannot be read. `why` follows the name: "is not there". */
export const extendsUnread = defineDiagnostic<{
  readonly path: string
  readonly why: string
  readonly nearest: string | undefined
}>({
  code: 'language/extends-unread',
  severity: 'error',
  message: ({ path, why }) => `The file ${path} ${why}.`,
  why: 'What it says would be missing from the spec, and with it requirements.',
  fix: ({ nearest }) =>
    nearest === undefined
      ? 'Write the path from the project folder; a name without .yaml is that of a .plumb.yaml file.'
      : `Did you mean ${nearest}?`,
})

/** Files that extend each other. */
export const extendsCycle = defineDiagnostic<{ readonly files: readonly string[] }>({
  code: 'language/extends-cycle',
  severity: 'error',
  message: ({ files }) => `The files extend each other: ${files.join(' → ')}.`,
  why: 'Of two files it must be known which one counts; in a circle each would override the other.',
  fix: 'Remove this entry, or put what both need into a file of its own.',
})

/** An extended file that is not a spec. */
export const extendsNoMap = defineDiagnostic<{ readonly path: string }>({
  code: 'language/extends-no-map',
  severity: 'error',
  message: ({ path }) => `${path} is not a spec: it is not a map of sections.`,
  why: 'An extended file has the sections of a spec, each as far as it has something to say about it.',
  fix: "Write for example 'clauses: { … }' into it.",
})

/** All files together are more than one spec may be. */
export const extendsTooMuch = defineDiagnostic<{ readonly limit: string }>({
  code: 'language/extends-too-much',
  severity: 'error',
  message: ({ limit }) => `The files of this spec are more than ${limit}, so they were not read.`,
  why: 'A spec is untrusted input; what all of its files may make the parser do is bounded as for one.',
  fix: 'Extend fewer or smaller files.',
})

/** A parameter that one file gives two values. */
export const paramTwice = defineDiagnostic<{ readonly name: string }>({
  code: 'language/param-twice',
  severity: 'error',
  message: ({ name }) => `The parameter '${shorten(name)}' is given twice.`,
  why: 'A file counts once, however often it is extended, and a parameter has one value.',
  fix: 'Remove one of the values; what is to be asked of two things is two clauses.',
})
