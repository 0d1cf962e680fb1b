import type { RequirementState, TracedClause, TraceMatrix } from '@plumbline/core'

const ORDER: readonly RequirementState[] = ['verified', 'covered', 'suspect', 'failing', 'uncovered']

/** How many requirements are in which state; states without one are left out. */
export function countStates({ requirements }: TraceMatrix): string {
  if (requirements.length === 0) return 'the spec has none'
  return ORDER.map((state) => [requirements.filter((each) => each.state === state).length, state] as const)
    .filter(([n]) => n > 0)
    .map(([n, state]) => `${n} ${state}`)
    .join(', ')
}

/** What the questions of a clause came to: `satisfied`, `2 satisfied, 1 inconclusive`, with foreign results apart. */
export function verdictWords({ questions, foreign }: TracedClause): string {
  const own = questions.map(({ verdict, stale, stage, foreign: isForeign }) =>
    verdict === undefined
      ? stale
        ? 'stale'
        : stage === 'runtime'
          ? 'not yet in production'
          : 'never tested'
      : isForeign === true
        ? `${verdict} (foreign, accepted)`
        : verdict,
  )
  return [counted(own), foreign.length === 0 ? '' : `foreign: ${counted(foreign.map(({ verdict }) => verdict))}`]
    .filter((part) => part !== '')
    .join('; ')
}

/** `L4`: how much is known of a clause; empty where nobody asked. */
export const levelWords = ({ level }: TracedClause): string => (level === undefined ? '' : `L${level}`)

function counted(words: readonly string[]): string {
  const groups = [...Map.groupBy(words, (word) => word)]
  const [only] = groups
  if (groups.length === 1 && only?.[1].length === 1) return only[0]
  return groups.map(([word, all]) => `${all.length} ${word}`).join(', ')
}
