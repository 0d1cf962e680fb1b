import { field, type Fields, fieldsIn, isFields } from '../text/json.ts'

/** One expectation as it stands in a suite. */
export interface Expectation {
  /** `expect_column_values_to_be_unique`. */
  readonly type: string
  readonly kwargs: Fields
  /** Where it stands: `expectations[3]`. */
  readonly where: string
  readonly says?: string
  readonly severity?: 'block' | 'warn' | 'info'
  /** Why its arguments are not all known: they are set when Great Expectations runs. */
  readonly open?: string
}

/** A suite of either layout. */
export interface Suite {
  readonly name: string
  readonly expectations: readonly Expectation[]
}

/** Whether a document is a suite: 0.x has `expectation_suite_name`, 1.x `name`; both a list of expectations. */
export function isSuite(document: unknown): document is Fields {
  return isFields(document) && Array.isArray(field(document, 'expectations'))
}

/** Reads a suite of either layout. */
export function readSuite(document: Fields): Suite {
  const name = field(document, 'name') ?? field(document, 'expectation_suite_name')
  const parameters = { ...fieldsOf(document, 'evaluation_parameters'), ...fieldsOf(document, 'suite_parameters') }
  return {
    name: typeof name === 'string' && name !== '' ? name : 'suite',
    expectations: fieldsIn(field(document, 'expectations')).map((each, i) => readExpectation(each, i, parameters)),
  }
}

function fieldsOf(fields: Fields, name: string): Fields {
  const value = field(fields, name)
  return isFields(value) ? value : {}
}

const SEVERITIES: Readonly<Record<string, Expectation['severity']>> = {
  critical: 'block',
  warning: 'warn',
  info: 'info',
}

function readExpectation(fields: Fields, index: number, parameters: Fields): Expectation {
  const type = field(fields, 'type') ?? field(fields, 'expectation_type')
  const notes = field(fields, 'notes') ?? field(fieldsOf(fields, 'meta'), 'notes')
  const words = isFields(notes) ? field(notes, 'content') : notes
  const says = (Array.isArray(words) ? words : [words]).filter((each) => typeof each === 'string').join(' ')
  const severity = SEVERITIES[String(field(fields, 'severity'))]
  const open: string[] = []
  const kwargs = resolved(fieldsOf(fields, 'kwargs'), parameters, open)
  return {
    type: typeof type === 'string' ? type : '',
    kwargs: isFields(kwargs) ? kwargs : {},
    where: `expectations[${index}]`,
    ...(says === '' ? {} : { says }),
    ...(severity === undefined ? {} : { severity }),
    ...(open[0] === undefined ? {} : { open: open[0] }),
  }
}

/** Puts in what `{"$PARAMETER": …}` stands for: a parameter of the suite, or a fixed moment. */
function resolved(value: unknown, parameters: Fields, open: string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, parameters, open))
  if (!isFields(value)) return value
  const parameter = field(value, '$PARAMETER')
  if (parameter === undefined) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, parameters, open)]))
  }
  const known = typeof parameter === 'string' ? (field(parameters, parameter) ?? fixedMoment(parameter)) : undefined
  if (known !== undefined) return known
  open.push(
    `The argument ${JSON.stringify(parameter)} is set when Great Expectations runs; a clause has bounds of its own.`,
  )
  return null
}

/** `datetime(2003, 1, 1)`, as the only expression whose value does not depend on the run. */
function fixedMoment(expression: string): string | undefined {
  const [, list] = /^\s*datetime\(([\d\s,]+)\)\s*$/.exec(expression) ?? []
  const [year, month, day, hour = 0, minute = 0, second = 0] = (list ?? '').split(',').map(Number)
  if (list === undefined || year === undefined || month === undefined || day === undefined) return undefined
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`
}
