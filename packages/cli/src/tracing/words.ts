import type { RequirementState, TracedClause, TraceMatrix } from '@plumbline/core'

/** An entry of a file of requirements that is none: what it asks is asked of nobody. */
export interface UnreadEntry {
  readonly file: string
  /** From 1; absent where the format has none to give. */
  readonly line?: number
  readonly what: string
}

/** The matrix, and what could not be read into it. */
export interface ShownMatrix extends TraceMatrix {
  readonly unread: readonly UnreadEntry[]
}

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

/** What leads nowhere, a line each, with names as `shown` writes them: clauses, recorded links, results, unread entries. */
export function leadingNowhere({ orphans, unread }: ShownMatrix, shown: (text: string) => string): readonly string[] {
  const { clauses, links, results } = orphans
  const more = results.length > 5 ? `, and ${results.length - 5} more` : ''
  const named = results
    .slice(0, 5)
    .map(({ name, near }) => (near === undefined ? shown(name) : `${shown(name)} (its tag may mean ${shown(near)})`))
  return [
    ...unread.map(
      ({ file, line, what }) => `not read: ${shown(file)}${line === undefined ? '' : `, line ${line}`}: ${shown(what)}`,
    ),
    ...(clauses.length === 0 ? [] : [`meets no requirement and controls no hazard: ${clauses.map(shown).join(', ')}`]),
    ...links.map(({ requirement, clause }) => `recorded, and gone: ${shown(requirement)} → ${shown(clause)}`),
    ...(results.length === 0 ? [] : [`results that name no clause: ${named.join(', ')}${more}`]),
  ]
}

/** `L4`: how much is known of a clause; empty where nobody asked. */
export const levelWords = ({ level }: TracedClause): string => (level === undefined ? '' : `L${level}`)

function counted(words: readonly string[]): string {
  const groups = [...Map.groupBy(words, (word) => word)]
  const [only] = groups
  if (groups.length === 1 && only?.[1].length === 1) return only[0]
  return groups.map(([word, all]) => `${all.length} ${word}`).join(', ')
}
