import type { Digest, Host } from '@plumbline/core'
import { type Broken, brokenAt, type LedgerFailure, type LedgerPlace } from './broken.ts'
import { EMPTY_HEAD, type LedgerHead, scan } from './scan.ts'
import { segmentName } from './segments.ts'

/** A head kept elsewhere. With `seq` a cut tail can be told from a rewritten ledger. */
export type ExpectedHead = { readonly digest: Digest; readonly seq?: number }

/** The judgement on a ledger. */
export type Verification =
  | {
      readonly kind: 'ok'
      /** How many records there are. */
      readonly records: number
      readonly head: LedgerHead
      /** The expected head, found; nothing up to it was changed, removed or inserted. */
      readonly unchangedSince?: LedgerHead
    }
  | ({ readonly kind: 'broken' } & { readonly broken: Broken })
  | { readonly kind: 'failed'; readonly failure: LedgerFailure }

/**
 * Checks every byte of the record files, and that the expected head is the last record or one before it. Without an
 * expected head, a cut at the end of a line and a complete rewrite cannot be seen: the chain only proves itself.
 */
export async function verifyLedger(host: Host, directory: string, expected?: ExpectedHead): Promise<Verification> {
  let head = EMPTY_HEAD
  let place: LedgerPlace = { file: segmentName(1), line: 1, byteOffset: 0 }
  let found = expected?.digest === head.digest ? head : undefined
  for await (const step of scan(host, directory)) {
    if (!step.ok) {
      const { failure } = step
      return failure.kind === 'broken' ? { kind: 'broken', broken: failure.broken } : { kind: 'failed', failure }
    }
    head = { seq: step.record.seq, digest: step.record.digest }
    place = step.place
    if (head.digest === expected?.digest) found = head
  }
  if (expected === undefined) return { kind: 'ok', records: head.seq, head }
  if (found !== undefined && (expected.seq ?? found.seq) === found.seq) {
    return { kind: 'ok', records: head.seq, head, unchangedSince: found }
  }
  return { kind: 'broken', broken: headMissing(expected, head, place) }
}

function headMissing(expected: ExpectedHead, head: LedgerHead, place: LedgerPlace): Broken {
  const { seq, digest } = expected
  if (seq === undefined) {
    const why = `The head you expect, ${digest}, is not among the ${head.seq} records: the end was cut, or the ledger was rewritten.`
    return brokenAt('cut-tail', place, why)
  }
  if (seq > head.seq) {
    return brokenAt(
      'cut-tail',
      place,
      `The ledger ends with record ${head.seq}, but you expect record ${seq}: its end was cut.`,
    )
  }
  return brokenAt('rewritten', place, `Record ${seq} is not the one you expect (${digest}): the ledger was rewritten.`)
}
