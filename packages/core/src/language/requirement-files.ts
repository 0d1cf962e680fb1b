import * as catalog from '../diagnostics/catalog/requirements.ts'
import { diagnose } from '../diagnostics/define.ts'
import type { JsonValue } from '../evidence/canonical-json.ts'
import type { SourceSet } from '../source/source-file.ts'
import type { ReadContext } from './reader/reader.ts'
import type { RequirementsSection } from './sections/requirements.ts'
import type { Requirement } from './spec.ts'

/**
 * The requirements of the spec and of its files as one map. A requirement of a file stands, for findings, where the
 * spec names the file. A file that was not read loses names, since clauses may meet what stands in it.
 */
export function allRequirements(
  { declared, from }: RequirementsSection,
  sources: SourceSet,
  context: ReadContext,
): ReadonlyMap<string, Requirement> {
  if (from.length === 0) return declared
  const all = new Map(declared)
  for (const { value: path, span } of from) {
    const file = sources.requirements?.find((each) => each.path === path)
    if (file === undefined || (file.requirements.length === 0 && file.problems.length > 0)) {
      const cause = file?.problems[0]?.what ?? 'it is not among the files that were read'
      context.report(diagnose(catalog.unreadRequirements, span, { file: path, cause }))
      context.lose()
      continue
    }
    for (const { what, line, ambiguous } of file.problems)
      context.report(
        ambiguous === undefined
          ? diagnose(catalog.badRequirement, span, { file: path, line, what })
          : diagnose(catalog.duplicateRequirement, span, { id: ambiguous, file: path, line }),
      )
    for (const { id, says, text, source = path, owner } of file.requirements) {
      if (all.has(id)) context.report(diagnose(catalog.duplicateRequirement, span, { id, file: path }))
      else
        all.set(id, {
          name: id,
          nameSpan: span,
          span,
          says,
          source,
          ...(text === undefined ? {} : { text }),
          ...(owner === undefined ? {} : { owner }),
        })
    }
  }
  return all
}

/** What a spec says, with what the files of requirements that it names say: lines apart, what its digest covers. */
export function withRequirementFiles(content: JsonValue, { requirements }: SourceSet): JsonValue {
  if (requirements === undefined) return content
  const files = requirements.map((file) => ({
    path: file.path,
    requirements: file.requirements.map(({ id, says, text = null, source = null, owner = null }) => ({
      id,
      says,
      text,
      source,
      owner,
    })),
  }))
  return { spec: content, requirements: files }
}
