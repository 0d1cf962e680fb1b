import { baseOf } from './plan/statements.ts'
import type { Clause, Digests, Instance, Program, Statement } from '@plumbline/core'

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
