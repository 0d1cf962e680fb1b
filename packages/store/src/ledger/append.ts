import { CanonicalJsonError, type Digest, digestBytes, type Host } from '@plumbline/core'
import { hostFailed, type LedgerResult } from './broken.ts'
import { type LedgerBody, makeRecord, type NewRecord } from './record.ts'
import type { LedgerHead } from './scan.ts'
import { segmentPath } from './segments.ts'
import { findTail, type Tail } from './tail.ts'

/** What an acknowledged append returns for each record: it is on stable storage under this number and digest. */
export type Acknowledgement = LedgerHead

/** The outcome of a write, and where the ledger then ends (unknown after a failure). */
export type Appended = { readonly result: LedgerResult<readonly Acknowledgement[]>; readonly tail: Tail | undefined }

/**
 * Appends records at the end; the caller holds the writer lock. Acknowledged means flushed to stable storage. After a
 * failure the ledger ends where it ended before (if even that is refused, the next writer finds a torn line).
 */
export async function appendRecords(
  host: Host,
  directory: string,
  bodies: readonly LedgerBody[],
  options: {
    readonly known: Tail | undefined
    readonly maxSegmentBytes: number
    /** The record that the first new one must follow on. */
    readonly after: Digest | undefined
  },
): Promise<Appended> {
  const found = await findTail(host, directory, options.known)
  if (!found.ok) return { result: found, tail: undefined }
  const tail = await moveTornAside(host, directory, found.value)
  if (!tail.ok) return { result: tail, tail: undefined }
  const { head: end } = tail.value
  if (options.after !== undefined && options.after !== end.digest) {
    return { result: { ok: false, failure: { kind: 'moved', ...end } }, tail: tail.value }
  }
  const chained = chain(tail.value.head, bodies)
  if (!chained.ok) return { result: chained, tail: tail.value }
  const data = new TextEncoder().encode(chained.value.map(({ line }) => line).join(''))

  const full = tail.value.size > 0 && tail.value.size + data.length > options.maxSegmentBytes
  const fresh = full || tail.value.segment === 0
  const segment = fresh ? tail.value.segment + 1 : tail.value.segment
  const start = fresh ? { size: 0, lines: 0 } : tail.value
  const path = segmentPath(directory, segment)
  const written = await host.files.append(path, data)
  if (!written.ok) {
    if (fresh) await host.files.remove(path)
    else await host.files.truncate(path, start.size)
    return { result: hostFailed(written.error), tail: undefined }
  }
  const acknowledged = chained.value.map(({ seq, digest }) => ({ seq, digest }))
  const head = acknowledged.at(-1) ?? tail.value.head
  const lines = start.lines + acknowledged.length
  return {
    result: { ok: true, value: acknowledged },
    tail: { head, segment, size: start.size + data.length, lines, torn: undefined },
  }
}

function chain(head: LedgerHead, bodies: readonly LedgerBody[]): LedgerResult<readonly NewRecord[]> {
  const records: NewRecord[] = []
  let { seq, digest } = head
  try {
    for (const body of bodies) {
      const record = makeRecord(seq + 1, digest, body)
      records.push(record)
      seq = record.seq
      digest = record.digest
    }
    return { ok: true, value: records }
  } catch (cause) {
    if (cause instanceof CanonicalJsonError) return { ok: false, failure: { kind: 'body', message: cause.message } }
    throw cause
  }
}

/**
 * What a killed writer left after the last whole line was never acknowledged. It is kept in a file of its own, then cut
 * off; the order matters, so that being killed between the two loses nothing.
 */
async function moveTornAside(host: Host, directory: string, tail: Tail): Promise<LedgerResult<Tail>> {
  if (tail.torn === undefined) return { ok: true, value: tail }
  const path = segmentPath(directory, tail.segment)
  const mark = digestBytes(tail.torn).slice('sha256:'.length, 'sha256:'.length + 8)
  const aside = `${path}.${tail.size}.${mark}.torn`
  const kept = await host.files.writeAtomic(aside, tail.torn)
  if (!kept.ok) return hostFailed(kept.error)
  const cut = await host.files.truncate(path, tail.size)
  return cut.ok ? { ok: true, value: { ...tail, torn: undefined } } : hostFailed(cut.error)
}
