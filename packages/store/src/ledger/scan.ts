import type { Digest, Host } from '@plumbline/core'
import { type Broken, brokenAt, hostFailed, ledgerBroken, type LedgerFailure, type LedgerPlace } from './broken.ts'
import { GENESIS, type LedgerRecord, parseLine } from './record.ts'
import { listSegments, segmentName, segmentPath } from './segments.ts'

/** Where a chain stands: the sequence number and digest of its last record (0 and `GENESIS` before the first). */
export type LedgerHead = { readonly seq: number; readonly digest: Digest }

/** The head of a ledger without records. */
export const EMPTY_HEAD: LedgerHead = { seq: 0, digest: GENESIS }

/** One step of a scan: the next record in order, or the reason why there is none. */
export type ScanStep =
  | { readonly ok: true; readonly record: LedgerRecord; readonly place: LedgerPlace }
  | { readonly ok: false; readonly failure: LedgerFailure }

/** One line of a segment: its bytes without the line feed, or an unfinished last line. */
export type RawLine = { readonly bytes: Uint8Array; readonly place: LedgerPlace; readonly complete: boolean }

const LINE_FEED = 10

/** Cuts the bytes of a segment into lines; `start` is where the bytes begin in the file. */
export function* linesOf(data: Uint8Array, file: string, start = 0, firstLine = 1): Generator<RawLine> {
  let line = firstLine
  for (let from = 0; from < data.length; line++) {
    const end = data.indexOf(LINE_FEED, from)
    const complete = end >= 0
    const to = complete ? end : data.length
    yield { bytes: data.subarray(from, to), place: { file, line, byteOffset: start + from }, complete }
    from = to + 1
  }
}

/** Checks that a line holds the record that follows on `head`. */
export function nextRecord(line: RawLine, head: LedgerHead): LedgerRecord | Broken {
  if (!line.complete) {
    return brokenAt('torn-tail', line.place, `The last ${line.bytes.length} bytes are not a whole line.`)
  }
  const record = parseLine(line.bytes)
  if ('kind' in record) return brokenAt(record.kind, line.place, sentence(record.why))
  if (record.seq !== head.seq + 1) {
    const why = `Record ${record.seq} stands where record ${head.seq + 1} belongs: one was removed, inserted or moved.`
    return brokenAt('out-of-order', line.place, why)
  }
  if (record.prev !== head.digest) {
    const why = `Record ${record.seq} does not follow on the record ${head.seq} that stands before it: that one was replaced.`
    return brokenAt('broken-chain', line.place, why)
  }
  return record
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** A record that was read, and where its line is: what a later reading goes on from. */
export type LedgerPosition = LedgerHead & { readonly place: LedgerPlace }

/**
 * Reads the ledger in order, checking every byte; ends at the first step that fails. `after`, the position of a record
 * read earlier, spares what lies before it: that record is checked to be still the one in its place, and those that
 * follow to follow on it.
 */
export async function* scan(host: Host, directory: string, after?: LedgerPosition): AsyncGenerator<ScanStep> {
  const segments = await listSegments(host, directory)
  if (!segments.ok) return yield hostFailed(segments.error)
  const [stranger] = segments.value.strangers
  if (stranger !== undefined) {
    const why = 'The file has the name of a record file but is not a segment.'
    return yield ledgerBroken(brokenAt('unknown-file', { file: stranger, line: 1, byteOffset: 0 }, why))
  }
  const { numbers } = segments.value
  let head = EMPTY_HEAD
  let first = 1
  if (after !== undefined) {
    const followed = yield* afterKnown(host, directory, after, numbers)
    if (followed === undefined) return
    head = followed
    first = Number.parseInt(after.place.file, 10) + 1
  }
  for (const [index, number] of numbers.entries()) {
    if (number !== index + 1) {
      const place = { file: segmentName(index + 1), line: 1, byteOffset: 0 }
      return yield ledgerBroken(brokenAt('missing-segment', place, 'The segment is absent, but a later one exists.'))
    }
    if (number < first) continue
    const data = await host.files.readFile(segmentPath(directory, number))
    if (!data.ok) return yield hostFailed(data.error)
    for (const line of linesOf(data.value, segmentName(number))) {
      const record = nextRecord(line, head)
      if ('kind' in record) return yield ledgerBroken(inMiddle(record, number, numbers))
      head = record
      yield { ok: true, record, place: line.place }
    }
  }
}

/** The records after a known one in its segment; the last of them, or undefined after a failure. */
async function* afterKnown(
  host: Host,
  directory: string,
  known: LedgerPosition,
  numbers: readonly number[],
): AsyncGenerator<ScanStep, LedgerHead | undefined> {
  const { file, line: firstLine, byteOffset } = known.place
  const number = Number.parseInt(file, 10)
  const gone = (): ScanStep =>
    ledgerBroken(
      brokenAt(
        'rewritten',
        known.place,
        `Record ${known.seq} is not where it was read: the ledger was cut or rewritten.`,
      ),
    )
  if (!numbers.includes(number)) return void (yield gone())
  const data = await host.files.readRange(segmentPath(directory, number), byteOffset, Number.MAX_SAFE_INTEGER)
  if (!data.ok) return void (yield hostFailed(data.error))
  let head: LedgerHead | undefined
  for (const line of linesOf(data.value, file, byteOffset, firstLine)) {
    if (head === undefined) {
      const record = line.complete ? parseLine(line.bytes) : undefined
      if (record === undefined || 'kind' in record || record.digest !== known.digest) return void (yield gone())
      head = record
      continue
    }
    const record = nextRecord(line, head)
    if ('kind' in record) return void (yield ledgerBroken(inMiddle(record, number, numbers)))
    head = record
    yield { ok: true, record, place: line.place }
  }
  if (head === undefined) yield gone()
  return head
}

/** An unfinished line is a torn tail only at the end of the ledger; elsewhere nobody could have gone on after it. */
function inMiddle(broken: Broken, number: number, numbers: readonly number[]): Broken {
  if (broken.kind !== 'torn-tail' || number === numbers.length) return broken
  return brokenAt('bad-line', broken.place, 'The line has no end, but later segments exist.')
}
