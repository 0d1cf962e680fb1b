import { type Promotion, versionBefore } from '@plumbline/store'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { EvidenceRecord } from '../project/state.ts'

/** What a rollback is to do. */
export type RollbackChoice =
  | { readonly kind: 'bring-back'; readonly from: Promotion; readonly to: Promotion; readonly reason: string }
  /** The registry has done it for this very reason already; what follows may be left to do. */
  | { readonly kind: 'done'; readonly to: Promotion; readonly reason: string }

/**
 * Which version a rollback brings back: the one before the version in production, and only because of violated evidence
 * against that version. Asked again for the same evidence it is done already, and does not go back one more.
 */
export function chooseRollback(
  history: readonly Promotion[],
  evidence: readonly EvidenceRecord[],
  id: string,
): Outcome<RollbackChoice> {
  const found = evidenceOf(evidence, id)
  if (!found.ok) return found
  const { seq, evidence: reason } = found.value
  const { statement } = reason
  const now = history.at(-1)
  if (now?.rollback?.reason === reason.id) return success({ kind: 'done', to: now, reason: reason.id })
  if (now === undefined) return refused('Nothing was ever promoted.', 'There is no version to take back.')
  if (statement.verdict !== 'violated')
    return refused(
      `The evidence ${short(reason.id)} says \`${statement.verdict}\`.`,
      'A version is taken back because evidence says that a clause is violated, and for nothing else.',
    )
  if (statement.exploratory === true)
    return refused(`The evidence ${short(reason.id)} is exploratory.`, 'What was made with --seed decides nothing.')
  if (!Object.values(statement.digests.models).includes(now.digest))
    return refused(
      `The evidence ${short(reason.id)} does not speak of the version in production (${now.digest}).`,
      'What another version did is no reason to take this one back.',
    )
  if (seq < now.record.seq)
    return refused(
      `The evidence ${short(reason.id)} is older than the promotion of the version in production.`,
      'What was known when the version was promoted is no reason to take it back now.',
    )
  const to = versionBefore(history)
  if (to === undefined)
    return refused(
      `There is no version before ${now.digest}.`,
      'A version that was taken back is not brought back, and before the first one there is none.',
    )
  return success({ kind: 'bring-back', from: now, to, reason: reason.id })
}

/** The last record of the evidence: found again after a promotion, it speaks of it. */
function evidenceOf(evidence: readonly EvidenceRecord[], id: string): Outcome<EvidenceRecord> {
  const digits = id.replace(/^sha256:/, '')
  const found =
    digits.length < 6 ? [] : evidence.filter(({ evidence: each }) => each.id.slice('sha256:'.length).startsWith(digits))
  const last = found.at(-1)
  if (last !== undefined && found.every((each) => each.evidence.id === last.evidence.id)) return success(last)
  return last === undefined
    ? refused(`There is no evidence \`${id}\`.`, 'An id, or at least six digits of its beginning, is needed.')
    : refused(`\`${id}\` is the beginning of several ids.`, 'Only one can be the reason.')
}

function refused(message: string, why: string): Outcome<never> {
  return failure(
    'cli/no-rollback',
    message,
    why,
    'Name the evidence with --reason: `plumb explain CLAUSE` shows the ids of a clause.',
    EXIT.violated,
  )
}

const short = (id: string): string => id.slice(0, 'sha256:'.length + 12)
