import { nearestName } from '../../diagnostics/suggest.ts'
import type { NamedQuestion } from '../../gate/foreign.ts'
import type { ForeignResult, UnmatchedResult } from './foreign-result.ts'

/**
 * Finds the clauses a result speaks of. A tag wins: the id itself, with or without `@` or `clause:` before it. Otherwise a
 * name counts that holds the id as a whole word between brackets or after `@`, or that is the id when case, separators
 * and a leading `test` are left out: `test_ranks_well` tests `ranks-well`. After an id, a relation and a slice may stand:
 * `ranks-well@champion.test[young]`; other names of a result (its suite, its check) count where its own says nothing; of a name, the parameter of the test is taken for a slice (`test_ranks_well[young]`).
 */
export function matchResults(
  results: readonly UnmatchedResult[],
  clauses: readonly string[],
): readonly ForeignResult[] {
  const bySlug = Map.groupBy(clauses, slugOf)
  const known = new Set(clauses)
  return results.map(({ tags, also = [], ...result }): ForeignResult => {
    const tagged = [...new Set(tags.map((tag) => tag.replace(/^@|^(?:plumbline|clause)[:=]/gi, '').trim()))]
    if (tagged.length > 0) {
      const questions = tagged.flatMap((tag) => questionOf(tag, known) ?? [])
      const near = questions.length > 0 ? undefined : nearestOf(tagged, clauses)
      return { ...matched(result, questions, 'tag'), ...(near === undefined ? {} : { near }) }
    }
    const names = [result.name, ...also]
    const named = names.flatMap(marked).flatMap((id) => questionOf(id, known) ?? [])
    if (named.length > 0) return matched(result, named, 'name')
    const slice = /\[([^\]]*)\]\s*$/.exec(result.name)?.[1]
    const found = (names.map((name) => bySlug.get(slugOf(lastPart(name)))).find((ids) => ids !== undefined) ?? []).map(
      (clause): NamedQuestion => (slice === undefined ? { clause } : { clause, slice }),
    )
    return found.length === 0 ? { ...result, clauses: [] } : matched(result, found, 'name')
  })
}

function matched(
  result: Omit<UnmatchedResult, 'tags' | 'also'>,
  questions: readonly NamedQuestion[],
  by: 'tag' | 'name',
): ForeignResult {
  const about = questions.filter(({ relation, slice }) => relation !== undefined || slice !== undefined)
  return {
    ...result,
    clauses: [...new Set(questions.map(({ clause }) => clause))],
    // A question named beside the whole clause narrows nothing.
    ...(about.length === questions.length && about.length > 0 ? { about } : {}),
    by,
  }
}

/** `ranks-well`, `ranks-well[young]`, `ranks-well@champion.test[young]`: an id as it is goes before its parts. */
function questionOf(tag: string, known: ReadonlySet<string>): NamedQuestion | undefined {
  if (known.has(tag)) return { clause: tag }
  const [, clause = '', relation, slice] = /^([^@[\]]+)(?:@([^[\]]+))?(?:\[([^\]]+)\])?$/.exec(tag) ?? []
  if (!known.has(clause)) return undefined
  return { clause, ...(relation === undefined ? {} : { relation }), ...(slice === undefined ? {} : { slice }) }
}

/** What the first tag may have meant that is like an id, without the relation and slice after it. */
function nearestOf(tags: readonly string[], clauses: readonly string[]): string | undefined {
  for (const tag of tags) {
    const near = nearestName(tag.replace(/[@[].*$/su, ''), clauses)
    if (near !== undefined) return near
  }
  return undefined
}

/** Ids written as such in a name: `… [ranks-well]`, `… @ranks-well`. */
function marked(name: string): readonly string[] {
  return [...name.matchAll(/\[([^\][]+)\]|@([\p{L}\p{N}_.-]+)/gu)].map(([, bracketed, at]) => bracketed ?? at ?? '')
}

/** The test itself: without the classes, files and suites before it, and the parameters after it. */
function lastPart(name: string): string {
  return (
    name
      .replace(/\[[^\]]*\]\s*$/, '')
      .split(/::| > | › /)
      .at(-1) ?? name
  )
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^test_/, '')
}
