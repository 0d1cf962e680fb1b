import { columnText, integerLiteral, quotedText, sql, textLiteral } from '@plumbline/core'
import type { RowCandidate } from '../candidate.ts'
import type { Overview } from '../overview.ts'
import type { DraftRows } from '../rows.ts'
import type { SumList } from '../sums.ts'

/** What texts of a kind look like. RE2, whole cell. */
export interface TextKind {
  readonly name: string
  readonly pattern: string
}

/** The kinds that are looked for, the narrowest first: the first that holds for all learned cells is asked. */
export const TEXT_KINDS: readonly TextKind[] = [
  { name: 'a UUID', pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$' },
  { name: 'an e-mail address', pattern: '^[^@ ]+@[^@ ]+[.][A-Za-z]{2,}$' },
  { name: 'a web address', pattern: '^(?:https?|ftp)://[^ ]+$' },
  { name: 'an IPv4 address', pattern: '^(?:[0-9]{1,3}[.]){3}[0-9]{1,3}$' },
  { name: 'a date, year first', pattern: '^[0-9]{4}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12][0-9]|0?[1-9])$' },
  { name: 'a date, year last', pattern: '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}$' },
  { name: 'a time of day', pattern: '^(?:2[0-4]|[01]?[0-9]):[0-5][0-9](?::[0-5][0-9])?$' },
  { name: 'a telephone number', pattern: '^[+][0-9][0-9 ()/-]{5,20}$' },
  { name: 'an IBAN', pattern: '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' },
  { name: 'a version', pattern: '^v?[0-9]+[.][0-9]+[.][0-9]+$' },
  { name: 'a code of two capitals', pattern: '^[A-Z]{2}$' },
  { name: 'a code of three capitals', pattern: '^[A-Z]{3}$' },
  { name: 'digits', pattern: '^[0-9]+$' },
  { name: 'hexadecimal digits', pattern: '^[0-9a-f]{8,}$' },
  { name: 'capitals and digits', pattern: '^[A-Z0-9]+(?:[-_][A-Z0-9]+)*$' },
  { name: 'text without white space', pattern: '^[^ \\t\\r\\n]+$' },
]

/** What texts look like, and how long they are; of those that are no categories. */
export function textQuestions({ columns }: DraftRows, overview: Overview, sums: SumList): readonly RowCandidate[][] {
  return columns.flatMap((column): RowCandidate[][] => {
    const { name, type } = column.profile
    if (type !== 'text') return []
    const term = columnText(name)
    const cell = column.cell
    const base = { kind: 'rows', columns: [column.index], missing: 'pass' } as const
    const kinds = TEXT_KINDS.map(
      (kind): RowCandidate => ({
        ...base,
        id: 'looks',
        says: `${name} is ${kind.name}.`,
        every: `${term}.matches(${quotedText(kind.pattern)})`,
        failing: sums.count(sql`${cell} IS NOT NULL AND NOT regexp_matches(${cell}, ${textLiteral(kind.pattern)})`),
      }),
    )
    const longest = overview.longest.get(column.index) ?? 0
    if (longest === 0) return [kinds]
    const most = roundLength(longest)
    return [
      kinds,
      [
        {
          ...base,
          id: 'length',
          says: `${name} has at most ${most} characters.`,
          every: `size(${term}) <= ${most}`,
          failing: sums.count(sql`length(${cell}) > ${integerLiteral(BigInt(most))}`),
        },
      ],
    ]
  })
}

/** Twice the longest, rounded up: what is longer is another kind of text. */
function roundLength(longest: number): number {
  const twice = longest * 2
  const step = 10 ** Math.max(0, String(twice).length - 2) * 5
  return Math.ceil(twice / step) * step
}
