import { type Evidence, reviveTags } from '@plumbline/core'
import type { LedgerRecord } from '@plumbline/store'

const VERDICTS: ReadonlySet<unknown> = new Set(['satisfied', 'violated', 'inconclusive', 'error', 'skipped'])

/**
 * The evidence of a ledger record; undefined for other records, and for one that only says it is evidence: anybody may
 * append records, so what is read here is checked to be there.
 */
export function evidenceIn({ body }: LedgerRecord): Evidence | undefined {
  if (body.kind !== 'evidence') return undefined
  const evidence = reviveTags(body['evidence'] ?? null) as unknown as Partial<Evidence> | null
  const { id, statement, run } = evidence ?? {}
  if (typeof id !== 'string' || typeof run?.at !== 'string' || !Number.isFinite(Date.parse(run.at))) return undefined
  const { clause, relation, slice, stage, verdict, digests } = statement ?? {}
  const named = [clause, relation, slice, stage].every((text) => typeof text === 'string')
  const digested = typeof digests?.data === 'object' && typeof digests.models === 'object'
  return named && digested && VERDICTS.has(verdict) ? (evidence as Evidence) : undefined
}
