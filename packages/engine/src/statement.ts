import type {
  Clause,
  Digests,
  ErrorReason,
  Failed,
  Instance,
  Program,
  Skipped,
  SkippedReason,
  Statement,
} from '@plumbline/core'

/** What every statement of an instance says first. */
export function baseOf(instance: Instance, digests: Digests, method: string) {
  const { clause, relation, stage, slice } = instance
  return {
    clause: clause.id,
    form: clause.form,
    stage,
    severity: clause.severity,
    relation,
    slice: slice.name,
    method,
    digests,
  }
}

/** An instance that could not be decided because something failed. */
export function failed(instance: Instance, digests: Digests, reason: ErrorReason, cause: string): Failed {
  return { ...baseOf(instance, digests, 'none'), verdict: 'error', reason, cause }
}

/** An instance that was not looked at. */
export function skipped(instance: Instance, digests: Digests, reason: SkippedReason, cause?: string): Skipped {
  return { ...baseOf(instance, digests, 'none'), verdict: 'skipped', reason, ...(cause === undefined ? {} : { cause }) }
}

/** What of a statement says which question it answers. */
type About = 'clause' | 'form' | 'stage' | 'severity' | 'relation' | 'slice' | 'digests'

type WithoutAbout<S> = S extends Statement ? Omit<S, About> : never

/** What was found for an instance: a statement without what the question was. */
export type Finding = WithoutAbout<Statement>

/** What a finding was made on, beside the clause. */
export interface FoundOn {
  readonly program: Program
  readonly toolVersion: string
  /** By relation name. */
  readonly data: Readonly<Record<string, string>>
  /** By model name. */
  readonly models: Readonly<Record<string, string>>
  readonly exploratory?: boolean
}

/** Joins a finding with the instance it answers. */
export function statementOf(instance: Instance, found: Finding, on: FoundOn): Statement {
  return {
    ...baseOf(instance, digestsOf(instance.clause, on), found.method),
    ...found,
    ...(on.exploratory === true ? { exploratory: true } : {}),
  }
}

function digestsOf(clause: Clause, { program, data, models, toolVersion }: FoundOn): Digests {
  return { spec: program.spec.digest, clause: clause.digest, data, models, tool: toolVersion }
}
