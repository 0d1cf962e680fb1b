import { shorten } from '../diagnostics/shorten.ts'
import { digestOf } from '../evidence/digest.ts'

/** A requirement as a file states it. */
export interface ImportedRequirement {
  readonly id: string
  /** In a sentence: a heading, a title, or the text itself where there is nothing else. */
  readonly says: string
  /** The whole text, where `says` is only its title. */
  readonly text?: string
  readonly source?: string
  readonly owner?: string
  /** Line in the file, from 1; absent where the format has none to give. */
  readonly line?: number
}

/** Something in a file that could not be read as a requirement. */
export interface RequirementProblem {
  /** A clause of a sentence: `row 3 has no id`. */
  readonly what: string
  readonly line?: number
  /** The id that two entries have which say different things: nobody knows which of them a clause meets. */
  readonly ambiguous?: string
}

/** A file of requirements, read. A problem never hides the requirements that could be read. */
export interface RequirementFile {
  /** As the spec names it. */
  readonly path: string
  readonly requirements: readonly ImportedRequirement[]
  readonly problems: readonly RequirementProblem[]
}

/** Digest of what a requirement says: what a link was made to. Who owns it and where it comes from are no part of it. */
export function requirementDigest(requirement: { readonly says: string; readonly text?: string | undefined }): string {
  const { says, text } = requirement
  return digestOf({ says: plain(says), text: text === undefined ? null : plain(text) })
}

/** White space and its line breaks mean nothing in a requirement. */
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()

/** Ids as specs write them: letters, digits, `_`, `-`, `.`. */
const ID = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u

/** Collects the requirements of one file: ids are unique and words, texts are not empty. */
export interface RequirementCollector {
  readonly add: (found: ImportedRequirement) => void
  readonly problem: (what: string, line?: number) => void
  readonly done: (path: string) => RequirementFile
}

/** An empty collector. */
export function collectRequirements(): RequirementCollector {
  const requirements = new Map<string, ImportedRequirement>()
  const problems: RequirementProblem[] = []
  const problem = (what: string, line?: number): void =>
    void problems.push(line === undefined ? { what } : { what, line })
  const add = (found: ImportedRequirement): void => {
    const { id, line } = found
    const first = requirements.get(id)
    if (first === undefined) requirements.set(id, found)
    else if (requirementDigest(first) === requirementDigest(found)) problem(`the id \`${id}\` is there twice`, line)
    else
      problems.push({
        what: `the id \`${id}\` is there twice, and says two things`,
        ...(line === undefined ? {} : { line }),
        ambiguous: id,
      })
  }
  return {
    problem,
    add(found) {
      const { id, says, line } = found
      if (!ID.test(id)) problem(`\`${shorten(id)}\` is not an id: it has letters, digits, '_', '-' and '.' only`, line)
      else if (says.trim() === '') problem(`the requirement \`${id}\` says nothing`, line)
      else add(found)
    },
    done: (path) => ({ path, requirements: [...requirements.values()], problems }),
  }
}
