import { join } from 'node:path'
import type { Digest, Host } from '@plumbline/core'
import { type Acknowledgement, appendRecords } from './append.ts'
import { hostFailed, type LedgerResult } from './broken.ts'
import type { LedgerBody, LedgerRecord } from './record.ts'
import { type LedgerHead, type LedgerPosition, scan, type ScanStep } from './scan.ts'
import { findTail, type Tail } from './tail.ts'
import { type ExpectedHead, type Verification, verifyLedger } from './verify.ts'

/** An open ledger. Several may be open on one directory, in one process or many. */
export type Ledger = {
  readonly directory: string
  /**
   * Adds records, all or none, in the order given, next to each other. Resolves to their acknowledgements only when
   * they are on stable storage. With `after`, the digest of a record, nothing is written (`moved`) unless that record
   * is still the last: for a decision that rests on all records read before.
   */
  readonly append: (
    bodies: readonly LedgerBody[],
    options?: { readonly after?: Digest },
  ) => Promise<LedgerResult<readonly Acknowledgement[]>>
  /**
   * All records in order, checked on the way, or only those after a record read earlier. The last step is a failure if
   * the ledger is broken; a line that a writer has not finished is no record yet and ends the reading quietly.
   */
  readonly read: (after?: LedgerPosition) => AsyncIterable<ScanStep>
  /**
   * The records that `wanted` accepts (all by default); a failure if any record of the ledger is broken. What this ledger has
   * read before it reads on from, and checks only what came since: to check every byte again is `verify`'s business.
   */
  readonly select: (wanted?: (record: LedgerRecord) => boolean) => Promise<LedgerResult<readonly LedgerRecord[]>>
  /** The last whole record's number and digest; 0 and `GENESIS` if there is none. */
  readonly head: () => Promise<LedgerResult<LedgerHead>>
  /** See `verifyLedger`. */
  readonly verify: (options?: { readonly expectHead?: ExpectedHead }) => Promise<Verification>
}

/** How a ledger is written. */
export type LedgerOptions = {
  /** A segment is closed rather than grow beyond this many bytes (default 8 MiB); a larger batch has one of its own. */
  readonly maxSegmentBytes?: number
  /** How long a writer waits for others, in milliseconds (default 30 000). */
  readonly lockTimeoutMs?: number
}

const LOCK = 'writer.lock'

/** Opens the ledger in a directory, which the first append makes. Nothing is read or written yet. */
export function openLedger(host: Host, directory: string, options: LedgerOptions = {}): Ledger {
  const maxSegmentBytes = options.maxSegmentBytes ?? 8 * 1024 * 1024
  const lockWriters = () => host.files.lock(join(directory, LOCK), { timeoutMs: options.lockTimeoutMs ?? 30_000 })
  let known: Tail | undefined
  // Writers of one process queue here; the lock is for those of others.
  let queue: Promise<unknown> = Promise.resolve()

  const write = async (
    bodies: readonly LedgerBody[],
    after: Digest | undefined,
  ): Promise<LedgerResult<readonly Acknowledgement[]>> => {
    const made = await host.files.mkdir(directory)
    if (!made.ok) return hostFailed(made.error)
    const lock = await lockWriters()
    if (!lock.ok) return hostFailed(lock.error)
    try {
      const { result, tail } = await appendRecords(host, directory, bodies, { known, maxSegmentBytes, after })
      known = tail
      return result
    } finally {
      await lock.value.release()
    }
  }

  const verify = async (expected: ExpectedHead | undefined): Promise<Verification> => {
    const first = await verifyLedger(host, directory, expected)
    if (first.kind !== 'broken' || first.broken.kind !== 'torn-tail') return first
    // Perhaps a writer is just writing that line: look again while none can. A ledger that cannot be locked because
    // it is read-only has no writers.
    const lock = await lockWriters()
    try {
      return await verifyLedger(host, directory, expected)
    } finally {
      if (lock.ok) await lock.value.release()
    }
  }

  // Held weakly: a process that runs for long keeps no copy of a ledger that grows.
  let kept: WeakRef<Kept> | undefined

  const readOn = async (before: Kept | undefined): Promise<LedgerResult<readonly LedgerRecord[]>> => {
    const records = before === undefined ? [] : [...before.records]
    let last = before?.last
    for await (const step of ledger.read(last === undefined ? undefined : positionOf(last))) {
      if (!step.ok) return step
      records.push(step.record)
      last = step
    }
    if (last !== undefined) {
      kept = new WeakRef({ records, last })
      known ??= tailAt(last)
    }
    return { ok: true, value: records }
  }

  // Readers of one process queue, too: the second finds what the first has read.
  let reading: Promise<unknown> = Promise.resolve()
  const readAll = (): Promise<LedgerResult<readonly LedgerRecord[]>> => {
    const done = reading.then(async () => {
      const before = kept?.deref()
      const read = await readOn(before)
      // A ledger that is no longer the one that was read is looked at as if for the first time.
      return read.ok || before === undefined ? read : readOn(undefined)
    })
    reading = done.catch(() => undefined)
    return done
  }

  const ledger: Ledger = {
    directory,
    append: (bodies, { after } = {}) => {
      if (bodies.length === 0) return Promise.resolve({ ok: true, value: [] })
      const done = queue.then(() => write(bodies, after))
      queue = done.catch(() => undefined)
      return done
    },
    read: (after) => withoutTornTail(scan(host, directory, after)),
    select: async (wanted = () => true) => {
      const read = await readAll()
      return read.ok ? { ok: true, value: read.value.filter(wanted) } : read
    },
    head: async () => {
      const tail = await findTail(host, directory)
      return tail.ok ? { ok: true, value: tail.value.head } : tail
    },
    verify: (asked = {}) => verify(asked.expectHead),
  }
  return ledger
}

/** A record that was read, and its place. */
type Read = Extract<ScanStep, { ok: true }>

/** All records up to the last that was read; at least one. */
type Kept = { readonly records: readonly LedgerRecord[]; readonly last: Read }

const positionOf = ({ record: { seq, digest }, place }: Read): LedgerPosition => ({ seq, digest, place })

/** Where a record begins: a writer that goes on from there reads that one record, and those that came since. */
const tailAt = ({ record, place }: Read): Tail => ({
  head: { seq: record.seq - 1, digest: record.prev },
  segment: Number.parseInt(place.file, 10),
  size: place.byteOffset,
  lines: place.line - 1,
  torn: undefined,
})

async function* withoutTornTail(steps: AsyncIterable<ScanStep>): AsyncGenerator<ScanStep> {
  for await (const step of steps) {
    if (!step.ok && step.failure.kind === 'broken' && step.failure.broken.kind === 'torn-tail') return
    yield step
  }
}
