import type { ForeignResult, UnmatchedResult } from './foreign-result.ts'

/**
 * Finds the clauses a result speaks of. A tag wins: the id itself, with or without `@` or `clause:` before it. Otherwise a
 * name counts that holds the id as a whole word between brackets or after `@`, or that is the id when case, separators
 * and a leading `test` are left out: `test_ranks_well` tests `ranks-well`.
 */
export function matchResults(
  results: readonly UnmatchedResult[],
  clauses: readonly string[],
): readonly ForeignResult[] {
  const bySlug = Map.groupBy(clauses, slugOf)
  const known = new Set(clauses)
  return results.map(({ tags, ...result }): ForeignResult => {
    const tagged = [...new Set(tags.map((tag) => tag.replace(/^@|^(?:plumbline|clause)[:=]/gi, '').trim()))]
    if (tagged.length > 0) return { ...result, clauses: tagged.filter((tag) => known.has(tag)), by: 'tag' }
    const named = marked(result.name).filter((id) => known.has(id))
    const found = named.length > 0 ? named : (bySlug.get(slugOf(lastPart(result.name))) ?? [])
    return found.length === 0 ? { ...result, clauses: [] } : { ...result, clauses: found, by: 'name' }
  })
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
