import { asciiWords, type DataProfile, type Drafted, type DraftedClause } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import { type Profiled, profiled } from '../profile/failure.ts'
import { engineFailure, type OpenProfile, type ProfileRequest, withProfile } from '../profile/profile-file.ts'
import type { Candidate } from './candidate.ts'
import { contractsOf, outsideLearned } from './contracts.ts'
import { type Drift, DRIFTED, driftOf } from './drift.ts'
import { judge } from './judge.ts'
import { leaksOf } from './leaks.ts'
import { type Overview, overviewOf } from './overview.ts'
import { shareQuestions, valueCounts } from './questions/categories.ts'
import { missingQuestions } from './questions/missing.ts'
import { amountQuestions, correlationQuestions } from './questions/numbers.ts'
import { orderQuestions } from './questions/orders.ts'
import { textQuestions } from './questions/texts.ts'
import { resampledSums } from './resamples.ts'
import { type DraftRows, draftRows } from './rows.ts'
import { type Splits, splitsOf } from './splits.ts'
import { groupSums, type SumList, sumList } from './sums.ts'
import { ENOUGH, splitClauses, tableClauses } from './table-clauses.ts'
import { questionsOf } from './for-a-person.ts'

/** What one file supports. */
export interface FileDraft {
  readonly profile: DataProfile
  readonly drafted: Drafted
}

/** Drafts the clauses of one file. `dataset` is the name that the spec gives it. */
export function draftFile(
  request: ProfileRequest,
  nameOf: (profile: DataProfile) => string,
): Promise<Profiled<FileDraft>> {
  return withProfile(request, async (open) => {
    const drafted = await draftOf(open, nameOf(open.profile))
    return drafted.ok
      ? profiled({ profile: open.profile, drafted: drafted.value })
      : engineFailure(drafted.error, open.file)
  })
}

async function draftOf(open: OpenProfile, dataset: string): Promise<Outcome<Drafted>> {
  if (open.profile.columns.length === 0)
    return {
      ok: true,
      value: {
        clauses: tableClauses(open.profile, dataset),
        columns: new Map(),
        splits: new Map(),
        questions: [],
      },
    }
  const made = await draftRows(open)
  if (!made.ok) return made
  const rows = made.value
  const overview = await overviewOf(rows)
  if (!overview.ok) return overview
  const drift = await driftOf(rows, overview.value)
  if (!drift.ok) return drift
  const leaks = await leaksOf(rows, overview.value)
  if (!leaks.ok) return leaks
  const list = sumList()
  const values = valueCounts(rows, list)
  const outside = outsideLearned(overview.value, list)
  const alternatives = candidatesOf(rows, overview.value, list)
  const sums = await groupSums(rows, list)
  if (!sums.ok) return sums
  const splits = splitsOf(rows)
  const shares = values.flatMap((each) => shareQuestions(each, sums.value.all).map((question) => [question]))
  const lasting = [...alternatives, ...shares].map((some) => some.filter((each) => lasts(each, drift.value, splits)))
  const bench = { sums: sums.value, resamples: resampledSums(sums.value) }
  const name = namer(rows)
  const clauses =
    open.profile.rows < ENOUGH
      ? []
      : lasting.flatMap((some): DraftedClause[] => {
          for (const candidate of some) {
            const judged = judge(candidate, bench)
            if (judged !== undefined)
              return [{ id: name(candidate), of: dataset, ...judged, says: saysOf(candidate, rows, judged.says) }]
          }
          return []
        })
  return {
    ok: true,
    value: {
      clauses: [...tableClauses(open.profile, dataset), ...clauses, ...splitClauses(open.profile, dataset, splits)],
      columns: withRoles(contractsOf(rows, overview.value, values, outside, sums.value), splits),
      splits: splits?.conditions ?? new Map(),
      questions: questionsOf(rows, drift.value, leaks.value, splits),
    },
  }
}

/** Each entry: alternatives, of which the first that the rows support is drafted. */
function candidatesOf(rows: DraftRows, overview: Overview, list: SumList): readonly (readonly Candidate[])[] {
  const alone = (some: readonly Candidate[]): readonly (readonly Candidate[])[] => some.map((each) => [each])
  return [
    ...alone(missingQuestions(rows, list)),
    ...textQuestions(rows, overview, list),
    ...alone(orderQuestions(overview, list)),
    ...alone([...overview.amounts.values()].flatMap((amount) => amountQuestions(amount, list))),
    ...alone(correlationQuestions(overview.pairs, list)),
  ]
}

/** A number of a column that changes along the rows has no bounds that would last; a split column has its own. */
function lasts({ kind, columns }: Candidate, { psi }: Drift, splits: Splits | undefined): boolean {
  if (kind === 'rows') return true
  return columns.every((index) => (psi.get(index) ?? 0) < DRIFTED && index !== splits?.column.index)
}

function namer(rows: DraftRows): (candidate: Candidate) => string {
  const taken = new Set<string>()
  return ({ id, columns }) => {
    const words = columns.map((index) => asciiWords(rows.columns[index]?.profile.name ?? '', '_').slice(0, 30))
    const wished = words.includes('')
      ? `${id}-column-${columns.map((index) => index + 1).join('-')}`
      : `${id}-${words.join('-')}`
    const free = taken.has(wished) ? `${id}-column-${columns.map((index) => index + 1).join('-')}` : wished
    taken.add(free)
    return free
  }
}

function saysOf({ kind, columns }: Candidate, rows: DraftRows, says: string): string {
  if (kind === 'rows') return says
  const names = columns.map((index) => rows.columns[index]?.profile.name ?? '')
  return `As drafted: ${says} ${names.join(' and ')} stays where it was.`
}

function withRoles(columns: Drafted['columns'], splits: Splits | undefined): Drafted['columns'] {
  if (splits === undefined) return columns
  return new Map(
    [...columns].map(([name, column]) => [
      name,
      name === splits.column.profile.name ? { ...column, role: 'split' } : column,
    ]),
  )
}
