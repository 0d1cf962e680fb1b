import {
  type Clause,
  type Digest,
  type EventKind,
  eventNow,
  type HostClock,
  type JsonValue,
  makeEvidence,
  type Program,
  type Statement,
} from '@plumbline/core'
import type { LedgerBody, LedgerRecord, Promotion } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { runInfo, sessionName } from '../project/run-tests.ts'
import { evidenceBody, toJson } from '../project/state.ts'
import type { Deployment } from './deploy-version.ts'

/** The record of an event, as the ledger takes it. */
export function eventBody(
  clock: HostClock,
  kind: EventKind,
  subject: string,
  digest: Digest,
  detail: Readonly<Record<string, JsonValue>> = {},
): LedgerBody {
  const event = eventNow(clock, { kind, subject, digest, detail })
  return { ...toJson(event), kind: 'event' }
}

/** Whether the ledger says already that a promotion reached the guard, and nothing that speaks against it since. */
export function isRecorded(records: readonly LedgerRecord[], promotion: Promotion): boolean {
  const since = records.slice(promotion.record.seq).flatMap(({ body }) => {
    const event = body.kind === 'event' ? (body['event'] as { readonly kind?: unknown; readonly digest?: unknown }) : {}
    return event.digest === promotion.digest && (event.kind === 'version.deployed' || event.kind === 'version.mismatch')
      ? [event.kind]
      : []
  })
  return since.at(-1) === 'version.deployed'
}

/**
 * What is recorded of a deployment: whether the version was read back as what it is, for `system.serving`, and that a
 * rollback took effect. Where no guard serves a rollback is one of the registry alone, and says so.
 */
export function deploymentBodies(
  context: Pick<CommandContext, 'host' | 'toolVersion'>,
  program: Program,
  promotion: Promotion,
  deployment: Deployment,
): readonly LedgerBody[] {
  const { clock } = context.host
  const { digest, model, rollback } = promotion
  const event = (kind: EventKind, subject: string, detail: Readonly<Record<string, JsonValue>>): LedgerBody =>
    eventBody(clock, kind, subject, digest, detail)
  const back = (served: boolean): readonly LedgerBody[] =>
    rollback === undefined ? [] : [event('version.rolled-back', model, { ...rollback, served })]
  switch (deployment.kind) {
    case 'deployed': {
      const { url, probed } = deployment
      return [
        event('version.deployed', 'production', { url, probed }),
        ...back(true),
        ...servingEvidence(context, program, promotion, deployment),
      ]
    }
    case 'mismatch': {
      const { url, found = null, why } = deployment
      return [
        event('version.mismatch', 'production', { url, found, why }),
        ...servingEvidence(context, program, promotion, deployment),
      ]
    }
    case 'no-guard':
    case 'elsewhere':
      return back(false)
    case 'unknown':
      return []
  }
}

/** Evidence of the clause `system.serving`, where the spec has it. */
function servingEvidence(
  context: Pick<CommandContext, 'host' | 'toolVersion'>,
  program: Program,
  { digest, model }: Promotion,
  deployment: Extract<Deployment, { readonly kind: 'deployed' | 'mismatch' }>,
): readonly LedgerBody[] {
  const clause = program.clauses.find(({ id }) => id === 'system.serving')
  if (clause === undefined) return []
  const statement = servingStatement(program, clause, context.toolVersion, { [model]: digest }, deployment)
  return [evidenceBody(makeEvidence(statement, runInfo(context, sessionName(context.host), 0)))]
}

function servingStatement(
  program: Program,
  clause: Clause,
  tool: string,
  models: Readonly<Record<string, string>>,
  deployment: Extract<Deployment, { readonly kind: 'deployed' | 'mismatch' }>,
): Statement {
  const held = deployment.kind === 'deployed'
  const witness = held ? [] : [mismatchWitness(deployment)]
  return {
    clause: clause.id,
    form: clause.form,
    stage: 'runtime',
    severity: clause.severity,
    relation: 'system',
    slice: 'all',
    method: 'read-back',
    digests: { spec: program.spec.digest, clause: clause.digest, data: {}, models, tool },
    verdict: held ? 'satisfied' : 'violated',
    n: 1,
    measured: held ? 1 : 0,
    missing: 0,
    excluded: 0,
    unassigned_rows: 0,
    failing: held ? 0 : 1,
    witnesses: witness,
    notes: [
      held
        ? `The bytes loaded were downloaded and hashed by the process that promoted; ${deployment.probed} rows were answered as the file answers them.`
        : `The process that promoted found out: ${deployment.why}.`,
    ],
  }
}

function mismatchWitness({ found, why }: Extract<Deployment, { readonly kind: 'mismatch' }>) {
  return { row: 1, key: {}, cells: { kind: 'version.mismatch', found: found ?? null }, because: why }
}
