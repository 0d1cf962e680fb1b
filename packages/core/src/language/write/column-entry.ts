import { writtenPath } from '../sections/cell-path.ts'
import { roundIntegers, roundNumbers } from './bounds.ts'
import type { ColumnDoubt, ColumnProfile } from './data-profile.ts'
import { type DraftedColumn, supportText } from './drafted.ts'
import { roleHints } from './roles.ts'

/** The contract of a column as it is written, and what a person should decide about it. */
export interface ColumnEntry {
  readonly entry: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

/** The contract a profiled column gets. A key has no range: identifiers grow. */
export function columnEntry(column: ColumnProfile, isKey: boolean, drafted?: DraftedColumn): ColumnEntry {
  const { type, values, missing } = column
  const range = isKey || drafted?.open === true ? undefined : rangeOf(column)
  return {
    entry: {
      type,
      ...(column.path === undefined ? {} : { path: writtenPath(column.path) }),
      ...(column.format === undefined ? {} : { format: column.format }),
      ...(range === undefined ? {} : { range }),
      ...(values === undefined ? {} : { values }),
      ...(missing > 0 ? { optional: true } : {}),
      ...(drafted?.role === undefined ? {} : { role: drafted.role }),
      ...(drafted?.mostly === undefined ? {} : { mostly: drafted.mostly }),
      severity: 'warn',
      origin: 'profiled',
      ...(drafted === undefined ? {} : { rationale: supportText(drafted.support) }),
    },
    notes: [...notesOf(column, isKey), ...(drafted?.doubts ?? [])],
  }
}

function rangeOf({ type, range }: ColumnProfile): readonly (number | bigint | string | null)[] | undefined {
  if (range === undefined) return undefined
  const [low, high] = range
  switch (type) {
    case 'integer': {
      if (low === null || high === null) return undefined
      return roundIntegers(BigInt(low), BigInt(high))
    }
    case 'number': {
      if (low === null && high === null) return undefined
      if (low === null || high === null) return [low, high]
      return roundNumbers(Number(low), Number(high))
    }
    case 'timestamp':
      // Tomorrow's rows are later than today's last one.
      return typeof low === 'string' ? [`${low.slice(0, 10)}T00:00:00Z`, null] : undefined
    default:
      return undefined
  }
}

const DOUBTS: Readonly<Record<ColumnDoubt, string>> = {
  codes: 'codes (then label them: { 1: …, 2: … }) or amounts (then integer with a range)?',
  dates: 'dates? then type: timestamp, and format: says how they are written, such as "%d/%m/%Y"',
  'day-or-month':
    'dates, of which no row tells whether the day or the month comes first: type: timestamp with format: "%d/%m/%Y" or "%m/%d/%Y"?',
  epoch_s: 'seconds since 1970? then type: timestamp, format: epoch_s',
  epoch_ms: 'milliseconds since 1970? then type: timestamp, format: epoch_ms',
  epoch_us: 'microseconds since 1970? then type: timestamp, format: epoch_us',
  numbers: 'numbers? they can be compared once they are written as 1234.5, without decimal comma, currency or % sign',
  digits: 'digits kept as text: as numbers they would lose zeros or precision',
  'null-like': 'do some of these texts mean "missing"?',
  'all-missing': 'every cell is missing: what should it hold?',
  constant: 'one value in all rows: is that meant?',
}

function notesOf(column: ColumnProfile, isKey: boolean): readonly string[] {
  const notes = column.doubts.map((doubt) => DOUBTS[doubt])
  const hints = roleHints(column.name)
  if (isKey) return notes
  const binary = column.values?.length === 2 && column.values[0] === 0 && column.values[1] === 1
  if (hints.label) return [...notes.filter((note) => !binary || note !== DOUBTS.codes), labelNote(binary)]
  if (hints.split) notes.push('role: split?')
  if (hints.protected) notes.push('protected: true?')
  return notes
}

const labelNote = (binary: boolean): string => (binary ? 'type: boolean and role: label?' : 'role: label?')
