import type { Program } from '../clause/program.ts'
import { requirementDigest } from '../requirements/requirement-file.ts'

/** The file beside the spec in which links are kept, to be committed. */
export const LINKS_FILE = 'requirements.lock.json'

/**
 * What somebody vouched for: that these clauses meet this requirement, as its text was then. The text's digest by
 * requirement and clause. Plain JSON, sorted, so that a change is read in a review.
 */
export interface RequirementLinks {
  readonly schema: 'plumbline/requirement-links/1'
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>
}

type ProgramRequirement = Program['about']['requirements'][number]

/** The links of a program as they are now; with `only`, those of other requirements stay as they were. */
export function linksOf(program: Program, earlier?: RequirementLinks, only?: ReadonlySet<string>): RequirementLinks {
  const links: Record<string, Readonly<Record<string, string>>> = {}
  for (const requirement of [...program.about.requirements].toSorted(byId)) {
    const { id } = requirement
    if (only !== undefined && !only.has(id)) {
      const kept = ownOf(earlier?.links, id)
      if (kept !== undefined) links[id] = kept
      continue
    }
    const digest = requirementDigest(requirement)
    const clauses = program.clauses.filter(({ meets }) => meets.includes(id)).map((clause) => clause.id)
    links[id] = Object.fromEntries(clauses.toSorted().map((clause) => [clause, digest]))
  }
  return { schema: 'plumbline/requirement-links/1', links }
}

/** Whether a link was made to another text than the requirement has now. What was never recorded is not suspect. */
export function isSuspect(
  links: RequirementLinks | undefined,
  requirement: ProgramRequirement,
  clause: string,
): boolean {
  const recorded = ownOf(ownOf(links?.links, requirement.id), clause)
  return recorded !== undefined && recorded !== requirementDigest(requirement)
}

/** Links whose requirement or clause is gone, or that the spec no longer makes. */
export function orphanLinks(
  links: RequirementLinks | undefined,
  program: Program,
): readonly { readonly requirement: string; readonly clause: string }[] {
  return Object.entries(links?.links ?? {}).flatMap(([requirement, clauses]) =>
    Object.keys(clauses)
      .filter((id) => {
        const known = program.about.requirements.some((each) => each.id === requirement)
        return !known || !program.clauses.some((clause) => clause.id === id && clause.meets.includes(requirement))
      })
      .map((clause) => ({ requirement, clause })),
  )
}

/** Reads what `linksOf` made; undefined for anything else. */
export function readLinks(value: unknown): RequirementLinks | undefined {
  if (!isRecord(value) || value['schema'] !== 'plumbline/requirement-links/1') return undefined
  const { links } = value
  if (!isRecord(links)) return undefined
  const good = Object.values(links).every(
    (clauses) => isRecord(clauses) && Object.values(clauses).every((digest) => typeof digest === 'string'),
  )
  return good ? (value as unknown as RequirementLinks) : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An own property: ids are whatever an author wrote, `constructor` included. */
function ownOf<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}

function byId(a: ProgramRequirement, b: ProgramRequirement): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
