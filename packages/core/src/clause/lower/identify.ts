import { digestOf } from '../../evidence/digest.ts'
import type { Names } from '../../check/names/names.ts'
import type { Spec } from '../../language/spec.ts'
import type { Clause } from '../clause.ts'
import type { Program, ProgramGuard } from '../program.ts'
import { clauseDigester } from './digest.ts'
import type { Lowered } from './lower.ts'

/** Gives the spec and each of its clauses the digest that evidence names them by. */
export function identify(spec: Spec, names: Names, lowered: Lowered): Program {
  const digester = clauseDigester(names, spec.params)
  const clauses = lowered.clauses.map((clause): Clause => digester.withDigest(clause) as Clause)
  const enforced = lazily(() => enforcedDigest(clauses, lowered.guard))
  return {
    ...lowered,
    spec: { ...lowered.spec, digest: specDigest(spec) },
    clauses: clauses.map((clause) =>
      isOfRelease(clause) ? { ...clause, digest: digestOf([clause.digest, enforced()]) } : clause,
    ),
  }
}

/** The built-in clauses of a release are asked of a server behind its guard: another guard is another question. */
function isOfRelease({ origin, of }: Clause): boolean {
  return origin === 'built-in' && of.some(({ relation }) => relation === 'release')
}

/** Digest of all that a guard acts by: its clauses, what each does (a severity below `block` only flags), its policy. */
function enforcedDigest(clauses: readonly Clause[], guard: ProgramGuard | undefined): string {
  const enforced = clauses.filter(({ form, of }) => form === 'every' && of.some((t) => t.relation === 'requests'))
  return digestOf([enforced.map(({ id, digest, severity }) => [id, digest, severity]), guard ?? null])
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Digest of all that the spec says, however it is laid out and in however many files, and of its parameters. */
function specDigest(spec: Spec): string {
  return digestOf({
    content: spec.content(),
    params: Object.fromEntries([...spec.params].map(([k, v]) => [k, v.value])),
  })
}
