import { codeSpan, escapeMarkdown, markdownList } from '../markdown.ts'
import { readingsFor } from '../reading/versions.ts'
import { formatAbout } from '../words/number.ts'
import { whyUndecided } from '../words/reason.ts'
import type { CardSubject } from './subject.ts'
import { verdictText } from './metrics.ts'

/** What is not known, not met or not enforced. An empty list would be the exception. */
export function caveats({ input, readings, version }: CardSubject): string {
  const { program } = input
  const tested = readingsFor(readings, version)
  const known = new Set(tested.map(({ id }) => id))
  const open = tested.flatMap(({ answers }) =>
    answers.flatMap(({ statement }) => {
      if (statement.verdict === 'satisfied') return []
      const slice = statement.slice === 'all' ? '' : ` for ${codeSpan(statement.slice)}`
      const why = 'reason' in statement ? `: ${escapeMarkdown(whyUndecided(statement))}` : ''
      const needed =
        'comparisons' in statement
          ? statement.comparisons?.find(({ rowsNeeded }) => rowsNeeded !== undefined)?.rowsNeeded
          : undefined
      const rows = needed === undefined ? '' : `; about ${formatAbout(needed)} rows would decide it`
      return [`${codeSpan(statement.clause)}${slice} is ${verdictText(statement.verdict)}${why}${rows}.`]
    }),
  )
  const stale = tested
    .filter((reading) => reading.stale)
    .map(({ id }) => `${codeSpan(id)} was tested before the clause changed.`)
  const untested = program.clauses
    .filter(
      ({ id, of, models }) =>
        !known.has(id) && of.some(({ stage }) => stage !== 'runtime') && belongs(models, version?.names ?? []),
    )
    .map(({ id }) => `${codeSpan(id)} was not tested for this version.`)
  const unmet = program.about.requirements
    .filter(({ id }) => !program.clauses.some(({ meets }) => meets.includes(id)))
    .map(({ id, says }) => `No clause meets the requirement **${escapeMarkdown(id)}** ${escapeMarkdown(says)}`)
  const runtime = program.clauses
    .filter(({ of }) => of.every(({ stage }) => stage === 'runtime'))
    .map(({ id }) => `${codeSpan(id)} speaks of production and is not part of this evidence.`)
  const unenforced = [
    ...program.unenforced.map(
      (key) => `The spec declares ${codeSpan(key)}, which this version of Plumbline does not enforce.`,
    ),
    ...program.clauses.flatMap(({ id, unenforced: why }) =>
      why === undefined ? [] : [`${codeSpan(id)} is not enforced: ${escapeMarkdown(why)}.`],
    ),
  ]
  const all = [...open, ...stale, ...untested, ...unmet, ...runtime, ...unenforced]
  const body =
    all.length === 0
      ? 'Every clause of the spec is satisfied for this version. What the spec does not ask is not known.'
      : markdownList(all).trimEnd()
  return `## Caveats and recommendations\n\n${body}`
}

/** A clause of another model says nothing about this one. */
function belongs(models: readonly string[], names: readonly string[]): boolean {
  return (
    models.length === 0 || models.some((name) => name === 'champion' || name === 'challenger' || names.includes(name))
  )
}
