import { digestOf } from '../../evidence/digest.ts'
import type { Names } from '../../check/names/names.ts'
import type { Spec } from '../../language/spec.ts'
import type { SourceSet } from '../../source/source-file.ts'
import type { Clause } from '../clause.ts'
import type { Program } from '../program.ts'
import { clauseDigester } from './digest.ts'
import type { Lowered } from './lower.ts'

/** Gives the spec and each of its clauses the digest that evidence names them by. */
export function identify(sources: SourceSet, spec: Spec, names: Names, lowered: Lowered): Program {
  const digester = clauseDigester(names, spec.params)
  return {
    ...lowered,
    spec: { ...lowered.spec, digest: specDigest(sources, spec) },
    clauses: lowered.clauses.map((clause): Clause => digester.withDigest(clause) as Clause),
  }
}

/** Digest of the source text and parameters: what an author could have changed. */
function specDigest(sources: SourceSet, spec: Spec): string {
  const files = [sources.main, ...sources.others].map((f) => ({ path: f.path, text: f.text }))
  return digestOf({ files, params: Object.fromEntries([...spec.params].map(([k, v]) => [k, v.value])) })
}
