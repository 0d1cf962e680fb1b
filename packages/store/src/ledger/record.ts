import { canonicalJson, type Digest, isCanonical, type JsonObject } from '@plumbline/core'
import { nodeCrypto } from '../host/node-crypto.ts'

/** What a record says; `kind` tells readers how to take the rest (`evidence`, `gate`, `promotion`, `run`, …). */
export type LedgerBody = JsonObject & { readonly kind: string }

/** One record of the ledger. */
export type LedgerRecord = {
  /** Version of the record format. */
  readonly v: 1
  /** Position in the ledger, from 1. */
  readonly seq: number
  /** The digest of the record before, `GENESIS` for the first. */
  readonly prev: Digest
  readonly body: LedgerBody
  /** SHA-256 of the canonical JSON of the other four members; it names this record. */
  readonly digest: Digest
}

/** What `prev` of the first record says. */
export const GENESIS: Digest = `sha256:${'0'.repeat(64)}`

/** A record that does not stand on its own: not readable, or not what its digest says. */
export type BadLine = { readonly kind: 'bad-line' | 'changed'; readonly why: string }

/** A record to be written: its names, and its line, which is canonical JSON and ends with a line feed. */
export type NewRecord = { readonly seq: number; readonly digest: Digest; readonly line: string }

/** The record that follows on `prev`. Throws `CanonicalJsonError` for a body without canonical form. */
export function makeRecord(seq: number, prev: Digest, body: LedgerBody): NewRecord {
  const text = canonicalJson(body)
  const digest = digestOfParts(text, prev, String(seq))
  return { seq, digest, line: `{"body":${text},"digest":"${digest}","prev":"${prev}","seq":${seq},"v":1}\n` }
}

function digestOfParts(body: string, prev: string, seq: string): Digest {
  return `sha256:${nodeCrypto().hash('sha256', `{"body":${body},"prev":"${prev}","seq":${seq},"v":1}`)}`
}

/** Everything after the body has a fixed form, so the text that the digest covers is a slice of the line itself. */
const AFTER_BODY = /,"digest":"(sha256:[0-9a-f]{64})","prev":"(sha256:[0-9a-f]{64})","seq":([1-9][0-9]{0,15}),"v":1\}$/
const BEFORE_BODY = '{"body":'

/**
 * Reads one line, given without its line feed. Every byte is covered: those of the body, of `prev` and `seq` by the
 * digest, those of the digest by being recomputed, those between by the fixed form.
 */
export function parseLine(bytes: Uint8Array): LedgerRecord | BadLine {
  const text = textOf(bytes)
  if (text === undefined) return { kind: 'bad-line', why: 'the line is not UTF-8' }
  const rest = AFTER_BODY.exec(text)
  if (rest === null || !text.startsWith(BEFORE_BODY)) {
    return { kind: 'bad-line', why: 'the line is not a ledger record of version 1' }
  }
  const [, digest = '', prev = '', seq = ''] = rest
  const body = text.slice(BEFORE_BODY.length, rest.index)
  if (digestOfParts(body, prev, seq) !== digest) {
    return {
      kind: 'changed',
      why: 'the record is not what its digest says: its bytes were changed after it was written',
    }
  }
  const parsed = bodyOf(body)
  if (parsed === undefined)
    return { kind: 'bad-line', why: 'the body of the record is not a canonical JSON object with a kind' }
  return { v: 1, seq: Number(seq), prev: prev as Digest, body: parsed, digest: digest as Digest }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function bodyOf(text: string): LedgerBody | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  // JSON in another form is not something this ledger wrote.
  return isBody(body) && isCanonical(body, text) ? body : undefined
}

function isBody(value: unknown): value is LedgerBody {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string'
}
