import type { Digest, HostError } from '@plumbline/core'

/** A place in the record files. */
export type LedgerPlace = {
  /** Name of the segment in the ledger directory. */
  readonly file: string
  /** Line, from 1. */
  readonly line: number
  /** Offset of the line's first byte in the file, from 0. */
  readonly byteOffset: number
}

/** In what way a ledger is broken. */
export type BrokenKind =
  /** A record is not what its own digest says. */
  | 'changed'
  /** A line is no record. */
  | 'bad-line'
  /** A record stands at a position that is not its own: one was removed, inserted or moved. */
  | 'out-of-order'
  /** A record does not follow on the one before it, which was replaced. */
  | 'broken-chain'
  /** A segment between two others, or the first, is absent. */
  | 'missing-segment'
  /** A file that looks like a record file does not belong here. */
  | 'unknown-file'
  /** The last line has no end: a writer was killed, or the end was cut. */
  | 'torn-tail'
  /** Records known to have existed after the last one are gone. */
  | 'cut-tail'
  /** The known head is not in the chain: other records stand in the place of the known ones. */
  | 'rewritten'

/** Where and how a ledger is broken, in words fit for a person. */
export type Broken = {
  readonly kind: BrokenKind
  readonly place: LedgerPlace
  readonly what: string
  readonly why: string
  readonly fix: string
}

/**
 * Why a ledger operation did not succeed. `body`: something to append is not a body with a canonical form. `moved`: the
 * ledger does not end where the writer demanded; somebody else wrote meanwhile.
 */
export type LedgerFailure =
  | { readonly kind: 'host'; readonly error: HostError }
  | { readonly kind: 'broken'; readonly broken: Broken }
  | { readonly kind: 'body'; readonly message: string }
  | { readonly kind: 'moved'; readonly seq: number; readonly digest: Digest }

/** A value, or the failure of a ledger operation. */
export type LedgerResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: LedgerFailure }

/** A `LedgerResult` for a refusal of the machine. */
export function hostFailed(error: HostError): { readonly ok: false; readonly failure: LedgerFailure } {
  return { ok: false, failure: { kind: 'host', error } }
}

/** A `LedgerResult` for a broken ledger. */
export function ledgerBroken(broken: Broken): { readonly ok: false; readonly failure: LedgerFailure } {
  return { ok: false, failure: { kind: 'broken', broken } }
}

const RESTORE =
  'Restore the ledger directory from a copy whose head you know; evidence after this place counts for nothing.'
const FIXES: Readonly<Record<BrokenKind, string>> = {
  changed: RESTORE,
  'bad-line': RESTORE,
  'out-of-order': RESTORE,
  'broken-chain': RESTORE,
  'missing-segment': RESTORE,
  'unknown-file': 'Move the file out of the ledger directory.',
  'torn-tail':
    'If no writer is running, the next command that writes moves the unfinished line aside; it was never acknowledged.',
  'cut-tail': RESTORE,
  rewritten: RESTORE,
}

/** A `Broken` with the advice of its kind. */
export function brokenAt(kind: BrokenKind, place: LedgerPlace, why: string): Broken {
  return { kind, place, what: `The ledger is broken at ${place.file}, line ${place.line}.`, why, fix: FIXES[kind] }
}

/** One sentence for a failure. */
export function failureText(failure: LedgerFailure): string {
  switch (failure.kind) {
    case 'host':
      return failure.error.message
    case 'broken':
      return `${failure.broken.what} ${failure.broken.why}`
    case 'moved':
      return `Another process wrote to the ledger meanwhile; it now ends with record ${failure.seq}.`
    case 'body':
      return failure.message
  }
}
