import type { Clause } from './clause.ts'

/** Which version holds which role. Digests, or undefined where there is none. */
export interface Versions {
  /** `--candidate FILE`, else `pipeline.candidate`. */
  readonly candidate?: string
  /** What is in production now: the registry's champion. */
  readonly production?: string
  /** Models that are not roles, by name. */
  readonly others: Readonly<Record<string, string>>
}

/** The digests a clause is decided on, by the names it uses, or why there is none for one of them. */
export type Binding =
  | { readonly kind: 'bound'; readonly models: Readonly<Record<string, string>> }
  | {
      readonly kind: 'unbound'
      readonly reason: 'no-champion' | 'no-candidate' | 'model-missing'
      readonly model: string
    }

/**
 * The models a clause reads where it is asked of a relation: those it names, and the staged candidate, in the role
 * `champion`, for what is asked of a release. (Real requests say themselves which version answered them.)
 */
export function modelsOf(clause: Pick<Clause, 'models'>, relation: string): readonly string[] {
  return relation === 'release' ? [...new Set([...clause.models, 'champion'])] : clause.models
}

/**
 * Binds the models a clause reads. A clause that names only `champion` is a requirement on whichever version would hold
 * that role: the candidate is bound to it. In a clause that names `challenger`, that is the candidate, and `champion`
 * the version now in production.
 */
export function bindRoles(clause: Pick<Clause, 'models'>, versions: Versions): Binding {
  const compares = clause.models.includes('challenger')
  // A version is not compared with itself: there is no other champion.
  if (compares && versions.candidate !== undefined && versions.candidate === versions.production) {
    return { kind: 'unbound', reason: 'no-champion', model: 'champion' }
  }
  const models: Record<string, string> = {}
  for (const model of new Set(clause.models)) {
    const digest = digestFor(model, compares, versions)
    if (digest !== undefined) models[model] = digest
    else if (model === 'champion' && compares) return { kind: 'unbound', reason: 'no-champion', model }
    else if (model === 'champion' || model === 'challenger') return { kind: 'unbound', reason: 'no-candidate', model }
    else return { kind: 'unbound', reason: 'model-missing', model }
  }
  return { kind: 'bound', models }
}

function digestFor(model: string, compares: boolean, versions: Versions): string | undefined {
  if (model === 'challenger') return versions.candidate
  if (model === 'champion') return compares ? versions.production : versions.candidate
  return Object.hasOwn(versions.others, model) ? versions.others[model] : undefined
}
