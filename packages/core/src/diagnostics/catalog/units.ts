import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** A text that is no unit. `problem` follows it: "is not a unit". */
export const unknownUnit = defineDiagnostic<{
  readonly text: string
  readonly problem: string
  readonly near: string | undefined
}>({
  code: 'expr/unknown-unit',
  severity: 'error',
  message: ({ text, problem }) => `'${shorten(text)}' ${problem}.`,
  why: 'Units are those of the SI and common ones with their prefixes, codes of currencies (TWD), %, and those of your own in square brackets, joined by * and / with powers such as m^2.',
  fix: ({ near }) =>
    near === undefined
      ? "Write for example year, km/h or EUR/month; '[claim]' is a unit of your own."
      : `Did you mean '${near}'?`,
})

/** Two quantities of different dimensions. */
export const unitMismatch = defineDiagnostic<{
  readonly op: string
  readonly left: { readonly text: string; readonly unit: string }
  readonly right: { readonly text: string; readonly unit: string }
}>({
  code: 'expr/unit-mismatch',
  severity: 'error',
  message: ({ op, left, right }) =>
    `\`${shorten(left.text)}\` is in ${left.unit} and \`${shorten(right.text)}\` in ${right.unit}: ${op} does not take them together.`,
  why: 'Quantities of different dimensions have no sum, no difference and no order.',
  fix: 'Compare quantities of one dimension, or correct the unit that one of them is declared in.',
})

/** Two columns of one dimension in different units. `factor` is written as it multiplies the one named. */
export const unitDiffers = defineDiagnostic<{
  readonly left: { readonly text: string; readonly unit: string }
  readonly right: { readonly text: string; readonly unit: string }
  readonly written: string
}>({
  code: 'expr/unit-differs',
  severity: 'error',
  message: ({ left, right }) =>
    `\`${shorten(left.text)}\` is in ${left.unit} and \`${shorten(right.text)}\` in ${right.unit}.`,
  why: 'Only literals are converted, when the spec is compiled; what a column holds is compared as it is.',
  fix: ({ written }) => `Write \`${shorten(written)}\`, which converts it.`,
})

/** `q(…)` beside something that has no unit. */
export const unitNeeded = defineDiagnostic<{
  readonly quantity: string
  readonly other: string
  readonly unit: string
}>({
  code: 'expr/unit-needed',
  severity: 'error',
  message: ({ quantity, other }) => `\`${shorten(quantity)}\` stands beside \`${shorten(other)}\`, which has no unit.`,
  why: 'A quantity is converted to the unit of the other side; without one its number would be a guess.',
  fix: ({ unit }) => `Declare 'unit: ${shorten(unit)}' (or what it is in) at the column, or write the bare number.`,
})

/** `q` with something else than a number and a text. */
export const quantityShape = defineDiagnostic<Record<never, never>>({
  code: 'expr/quantity-shape',
  severity: 'error',
  message: () => '`q` takes a number and a unit, both written out.',
  why: 'It is a literal: it is converted when the spec is compiled, before any row is read.',
  fix: 'Write it like `q(18, "year")`.',
})

/** Arithmetic on a scale whose zero is not none. */
export const unitScale = defineDiagnostic<{ readonly text: string; readonly unit: string; readonly op: string }>({
  code: 'expr/unit-scale',
  severity: 'error',
  message: ({ text, unit, op }) => `${op} has no meaning for \`${shorten(text)}\`, which is in ${unit}.`,
  why: 'Zero on this scale is not nothing, so twice the number is not twice as much.',
  fix: 'Use a column in K.',
})

/** A unit at a column that holds no numbers. */
export const unitOfNoNumber = defineDiagnostic<{ readonly column: string; readonly type: string }>({
  code: 'check/unit-of-no-number',
  severity: 'error',
  message: ({ column, type }) => `The column \`${shorten(column)}\` is of the type ${type} and has a unit.`,
  why: 'A unit says what the numbers of a column count.',
  fix: 'Remove the unit, or correct the type.',
})
