import type { ForeignTool } from '../../evidence/foreign-tool.ts'
import type { NamedQuestion } from '../../gate/foreign.ts'

/**
 * What a test said that Plumbline did not run. It is marked as such wherever it is shown, is no `Evidence`, and answers a
 * question of a gate only where the clause accepts its tool: nobody knows on which data, model and bound it was reached.
 */
export interface ForeignResult {
  readonly tool: ForeignTool
  /** The test's own name. */
  readonly name: string
  readonly verdict: 'satisfied' | 'violated' | 'error' | 'skipped'
  /** Clauses it is said to test, by tag or by name; ids of the spec. */
  readonly clauses: readonly string[]
  /** Where it says of which question of a clause it speaks. */
  readonly about?: readonly NamedQuestion[]
  /** How it was matched: it says so itself, or its name does. */
  readonly by?: 'tag' | 'name'
  /** The clause that a tag may have meant which names none. */
  readonly near?: string
  /** What the tool measured or complained of. */
  readonly detail?: string
}

/** A result before its clauses are known. */
export interface UnmatchedResult extends Omit<ForeignResult, 'clauses' | 'about' | 'by' | 'near'> {
  /** What the test itself says it tests. */
  readonly tags: readonly string[]
  /** Other names by which it may be known: its suite, its check. */
  readonly also?: readonly string[]
}

/** Results of a file, or why there are none. */
export type ForeignResults =
  | { readonly ok: true; readonly results: readonly UnmatchedResult[] }
  | { readonly ok: false; readonly problem: string }

/** Longest detail that is kept. */
const LONGEST = 500

/** A result with its parts, the empty ones left out. */
export function unmatched(
  tool: ForeignTool,
  name: string,
  verdict: ForeignResult['verdict'],
  tags: readonly string[],
  detail: string | undefined,
  also: readonly string[] = [],
): UnmatchedResult {
  const said = detail?.replace(/\s+/g, ' ').trim().slice(0, LONGEST)
  const others = also.filter((each) => each !== '' && each !== name)
  return {
    tool,
    name,
    verdict,
    tags,
    ...(said === undefined || said === '' ? {} : { detail: said }),
    ...(others.length === 0 ? {} : { also: others }),
  }
}
