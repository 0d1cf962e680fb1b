import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** A value that does not fit the declaration of its parameter. `expects` begins with "it is". */
export const paramValue = defineDiagnostic<{
  readonly name: string
  readonly value: string
  readonly expects: string
  /** How it was given, where that is in no file: `--param floor=2`. */
  readonly given: string | undefined
}>({
  code: 'language/param-value',
  severity: 'error',
  message: ({ name, value, given }) =>
    given === undefined
      ? `'${shorten(value)}' is no value of the parameter '${shorten(name)}'.`
      : `'${shorten(value)}', given with ${shorten(given)}, is no value of the parameter '${shorten(name)}'.`,
  why: ({ expects }) => `As it is declared, ${expects}.`,
  fix: 'Give another value, or change what the parameter is declared to be.',
})

/** A parameter without default that nobody gave a value. */
export const paramMissing = defineDiagnostic<{ readonly name: string }>({
  code: 'language/param-missing',
  severity: 'error',
  message: ({ name }) => `The parameter '${shorten(name)}' has no value.`,
  why: 'It is declared without a default, so what the spec asks is open until it is given one.',
  fix: ({ name }) =>
    `Add a default, or give it with 'with: { ${shorten(name)}: … }' where the file is extended, or with --param ${shorten(name)}=….`,
})

/** A parameter in a place for another type. */
export const paramType = defineDiagnostic<{ readonly name: string; readonly found: string; readonly expects: string }>({
  code: 'language/param-type',
  severity: 'error',
  message: ({ name, found, expects }) => `The parameter '${shorten(name)}' is ${found} where ${expects} is expected.`,
  why: 'A parameter stands for its value, and the value for nothing else.',
  fix: 'Use a parameter of the right type and unit, or write the value.',
})

/** A unit at a parameter that is no number. */
export const paramUnit = defineDiagnostic<{ readonly name: string; readonly type: string }>({
  code: 'language/param-unit',
  severity: 'error',
  message: ({ name, type }) => `The parameter '${shorten(name)}' is of the type ${type} and has a unit.`,
  why: 'A unit says what a number counts.',
  fix: 'Remove the unit, or correct the type.',
})
