import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** The spec is larger than the limit; refused before anything is parsed. */
export const tooLarge = defineDiagnostic<{ readonly limit: number }>({
  code: 'language/too-large',
  severity: 'error',
  message: ({ limit }) => `The spec is larger than ${limit} bytes, so it was not read.`,
  why: 'A spec is untrusted input, so its size is bounded before it is parsed.',
  fix: 'Split the system into several specs, or move data that slipped into the spec to a file of its own.',
})

/** Bounded parts other than bytes: tokens and nesting. */
export const tooComplex = defineDiagnostic<{ readonly what: string; readonly limit: number }>({
  code: 'language/too-complex',
  severity: 'error',
  message: ({ what, limit }) => `The spec has too many ${what}: at most ${limit} are read.`,
  why: 'A spec is untrusted input; what it may make the parser do is bounded.',
  fix: 'Write it flatter or shorter; a spec written by hand never comes near this limit.',
})

/** NUL or another control character, or bytes that are not UTF-8. */
export const notText = defineDiagnostic<{ readonly found: string }>({
  code: 'language/not-text',
  severity: 'error',
  message: ({ found }) => `This is not a text file: it contains ${found}.`,
  why: 'A spec is YAML text in UTF-8.',
  fix: 'Check that the right file was named, and save it as UTF-8.',
})

/** No content at all, or only comments. */
export const emptyFile = defineDiagnostic<Record<never, never>>({
  code: 'language/empty',
  severity: 'error',
  message: () => 'The spec is empty.',
  why: 'A spec without content says nothing about any system.',
  fix: "Begin with 'plumbline: 1' and a 'system' section, or let 'plumb init' write a first spec.",
})

/** YAML that cannot be read; the parameters are in our words, not the parser's. */
export const brokenYaml = defineDiagnostic<{ readonly what: string; readonly fix: string | undefined }>({
  code: 'language/broken-yaml',
  severity: 'error',
  message: ({ what }) => what,
  why: 'The text is not valid YAML 1.2 here, so nothing after it can be trusted to mean what it looks like.',
  fix: ({ fix }) => fix,
})

/** A tab where YAML allows only spaces. */
export const tabIndent = defineDiagnostic<Record<never, never>>({
  code: 'language/tab',
  severity: 'error',
  message: () => 'A tab is used for indentation.',
  why: 'YAML is indented with spaces only, because editors show tabs at different widths.',
  fix: 'Replace the tab by spaces.',
})

/** More than one YAML document in the file. */
export const severalDocuments = defineDiagnostic<Record<never, never>>({
  code: 'language/several-documents',
  severity: 'error',
  message: () => 'A second document begins here.',
  why: 'A spec is one YAML document; a second one would be silently ignored.',
  fix: "Remove the '---' line, or move the second document to a file of its own.",
})

/** The same key twice in one map; both places are shown. */
export const duplicateKey = defineDiagnostic<{ readonly key: string }>({
  code: 'language/duplicate-key',
  severity: 'error',
  message: ({ key }) => `The key '${shorten(key)}' stands twice in the same map.`,
  why: 'Readers of YAML disagree about which of the two counts.',
  fix: 'Rename or remove one of them.',
})

/** Alias expansion beyond the bound ("alias bomb"). */
export const tooManyAliases = defineDiagnostic<{ readonly limit: number }>({
  code: 'language/too-many-aliases',
  severity: 'error',
  message: ({ limit }) => `The aliases of this file expand to more than ${limit} values.`,
  why: 'Nested aliases grow exponentially and would exhaust memory, so their expansion is bounded.',
  fix: 'Write the repeated parts out, or use fewer aliases.',
})

/** `*name` without `&name` before it. */
export const unknownAlias = defineDiagnostic<{ readonly name: string; readonly nearest: string | undefined }>({
  code: 'language/unknown-alias',
  severity: 'error',
  message: ({ name }) => `The alias '*${shorten(name)}' refers to no anchor before it.`,
  why: 'An alias repeats a value that was marked with an anchor earlier in the file.',
  fix: ({ name, nearest }) =>
    nearest === undefined
      ? `Mark a value with '&${shorten(name)}' first, or put the text in quotes.`
      : `Did you mean '*${nearest}'?`,
})

/** An alias inside the value that its own anchor marks. */
export const aliasCycle = defineDiagnostic<{ readonly name: string }>({
  code: 'language/alias-cycle',
  severity: 'error',
  message: ({ name }) => `The alias '*${shorten(name)}' stands inside the value it repeats.`,
  why: 'The value would contain itself without end.',
  fix: 'Write the value out.',
})

/** YAML features outside the format: tags, directives, merge keys, keys that are not text. */
export const yamlFeature = defineDiagnostic<{ readonly what: string; readonly fix: string }>({
  code: 'language/yaml-feature',
  severity: 'error',
  message: ({ what }) => `${what} cannot be used in a spec.`,
  why: 'A spec uses plain YAML 1.2 only, so that every reader sees the same values.',
  fix: ({ fix }) => fix,
})
