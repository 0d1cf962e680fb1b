import { defineDiagnostic } from '../define.ts'

/** Types that do not fit an operator, a function or a place. */
export const typeMismatch = defineDiagnostic<{
  readonly what: string
  readonly found: string
  readonly fix: string | undefined
}>({
  code: 'expr/type-mismatch',
  severity: 'error',
  message: ({ what, found }) => `${what}, not ${found}.`,
  why: 'Values of different kinds are never converted silently: databases and languages convert differently.',
  fix: ({ fix }) => fix,
})

/** int and double in one arithmetic operation. */
export const mixedTypes = defineDiagnostic<{ readonly op: string; readonly fix: string }>({
  code: 'expr/mixed-types',
  severity: 'error',
  message: ({ op }) => `\`${op}\` mixes an int and a double.`,
  why: 'An int is exact and a double is not; only comparisons may mix them, and only an int literal becomes a double by itself.',
  fix: ({ fix }) => fix,
})

/** Arithmetic on codes. */
export const categoryArithmetic = defineDiagnostic<{ readonly text: string; readonly op: string }>({
  code: 'expr/category-arithmetic',
  severity: 'error',
  message: ({ text, op }) => `\`${text}\` is a category; \`${op}\` has no meaning on its codes.`,
  why: 'Codes of a category are names, not quantities, even where they are written as numbers.',
  fix: ({ text }) =>
    `Compare it with its values (\`${text} == …\`, \`${text} in […]\`), or declare the column as integer.`,
})

/** Order on codes. */
export const categoryOrder = defineDiagnostic<{
  readonly text: string
  readonly op: string
  readonly values: string | undefined
}>({
  code: 'expr/category-order',
  severity: 'error',
  message: ({ text, op }) => `\`${text}\` is a category; its codes have no order, so \`${op}\` has no meaning.`,
  why: 'Codes of a category are names, not quantities, even where they are written as numbers.',
  fix: ({ text, values }) => `List the values you mean: \`${text} in [${values ?? '…'}]\`.`,
})

/** A literal that no declared value of the category equals. */
export const undeclaredValue = defineDiagnostic<{
  readonly column: string
  readonly value: string
  readonly declared: readonly string[]
}>({
  code: 'expr/undeclared-value',
  severity: 'warning',
  message: ({ column, value }) => `${value} is not a declared value of \`${column}\`.`,
  why: 'No row that keeps the contract of the column has this value, so the comparison is always the same.',
  fix: ({ declared }) => `Declared: ${declared.slice(0, 8).join(', ')}${declared.length > 8 ? ', …' : ''}.`,
})

/** A literal that is nearly a declared value of the category. */
export const mistypedValue = defineDiagnostic<{
  readonly column: string
  readonly value: string
  readonly near: string
}>({
  code: 'expr/mistyped-value',
  severity: 'error',
  message: ({ column, value }) => `${value} is not a declared value of \`${column}\`.`,
  why: 'No row that keeps the contract of the column has this value, so the comparison is always the same.',
  fix: ({ near }) => `Did you mean ${near}?`,
})

/** `label(c)` where there are none. */
export const noLabels = defineDiagnostic<{ readonly text: string; readonly isCategory: boolean }>({
  code: 'expr/no-labels',
  severity: 'error',
  message: ({ text, isCategory }) =>
    isCategory ? `The values of \`${text}\` have no labels.` : `\`${text}\` is not a category column.`,
  why: '`label(c)` reads the labels that the column declares for its codes.',
  fix: ({ text, isCategory }) =>
    isCategory ? `Compare the value itself, or declare labels: values: { code: label }.` : `Use \`${text}\` itself.`,
})

/** `null` anywhere but beside `==` and `!=`. */
export const nullValue = defineDiagnostic<object>({
  code: 'expr/null-value',
  severity: 'error',
  message: () => '`null` is not a value to compute with.',
  why: 'Reading a missing cell is an error by rule; it can only be asked whether one is missing.',
  fix: 'Write `c == null` or `c != null`.',
})

/** `null` or `has` beside something that is no cell. */
export const notACell = defineDiagnostic<{ readonly text: string; readonly how: string }>({
  code: 'expr/not-a-cell',
  severity: 'error',
  message: ({ text, how }) => `${how} asks whether a cell is missing, but \`${text}\` is not a cell.`,
  why: 'Only a column, or a field of a bound row or of a model’s answer, can be missing.',
  fix: 'Ask it of each column that the expression reads.',
})

/** The right side of `in`. */
export const inList = defineDiagnostic<{ readonly problem: string; readonly fix: string }>({
  code: 'expr/in-list',
  severity: 'error',
  message: ({ problem }) => problem,
  why: '`in` compares with a fixed list of values, or with a column of lists: every target compiles it so.',
  fix: ({ fix }) => fix,
})

/** `matches` with a pattern that is not fixed. */
export const patternLiteral = defineDiagnostic<object>({
  code: 'expr/pattern-literal',
  severity: 'error',
  message: () => 'The pattern of `matches` must be a text literal.',
  why: 'Patterns are compiled when the spec is checked, so that none can fail or differ at run time.',
  fix: 'Write it like s.matches(r"^[A-Z]{2}[0-9]+$").',
})

/** A pattern that RE2 does not accept. */
export const badPattern = defineDiagnostic<{ readonly problem: string; readonly instead: string }>({
  code: 'expr/bad-pattern',
  severity: 'error',
  message: ({ problem }) => `This is not a regular expression of RE2: ${problem}.`,
  why: 'Patterns are RE2 on every target: it answers in linear time, so it has no look-around and no back-references.',
  fix: ({ instead }) => instead,
})

/** `timestamp(…)` and `duration(…)` that cannot be folded. */
export const timeLiteral = defineDiagnostic<{
  readonly fn: 'timestamp' | 'duration'
  readonly problem: string
  /** The text that was probably meant. */
  readonly meant?: string | undefined
}>({
  code: 'expr/time-literal',
  severity: 'error',
  message: ({ fn, problem }) => `\`${fn}\` ${problem}.`,
  why: ({ fn }) =>
    fn === 'timestamp'
      ? 'Timestamps are RFC 3339 (date, T, time, and Z or an offset from UTC), years 1 to 9999, in microseconds.'
      : 'Durations are whole microseconds, written with h, m, s, ms, us.',
  fix: ({ fn, meant }) =>
    meant !== undefined
      ? `Write ${fn}("${meant}").`
      : fn === 'timestamp'
        ? 'Write it like timestamp("2024-01-31T00:00:00Z").'
        : 'Write it like duration("168h") or duration("1.5s").',
})

/** A divisor that is literally zero. */
export const divisionByZero = defineDiagnostic<{ readonly op: string }>({
  code: 'expr/division-by-zero',
  severity: 'error',
  message: ({ op }) => `The right side of \`${op}\` is zero.`,
  why: 'Division by zero is an error on every row.',
  fix: 'Divide by something else.',
})

/** A condition that is no truth value, a record that is no number, … at the top of an expression. */
export const wrongResult = defineDiagnostic<{
  readonly expected: string
  readonly found: string
  readonly fix: string | undefined
}>({
  code: 'expr/wrong-result',
  severity: 'error',
  message: ({ expected, found }) => `The expression is ${found}, but ${expected} is needed here.`,
  why: 'Nothing is converted to a truth value or a number by itself.',
  fix: ({ fix }) => fix,
})

/** `x.with(…)` that is not a literal map of fields. */
export const withFields = defineDiagnostic<{ readonly problem: string }>({
  code: 'expr/with-fields',
  severity: 'error',
  message: ({ problem }) => problem,
  why: '`with` makes a row like another one with some fields replaced; which ones must be known when the spec is checked.',
  fix: "Write it like x.with({'age': x.age + 1}).",
})

/** A model asked about something it cannot take. */
export const modelInput = defineDiagnostic<{ readonly model: string; readonly problem: string }>({
  code: 'expr/model-input',
  severity: 'error',
  message: ({ model, problem }) => `\`${model}\` cannot be asked about this: ${problem}.`,
  why: 'A model answers for one whole row that has all of its input columns.',
  fix: ({ model }) => `Write it like ${model}(x), where x ranges over the dataset of its inputs.`,
})
