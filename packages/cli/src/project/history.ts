import { type EventKind, eventKinds, type JsonObject, type JsonValue } from '@plumbline/core'
import type { EventEntry, FileDigest, GateEntry, RunEntry } from '@plumbline/report'
import type { Ledger, LedgerRecord } from '@plumbline/store'
import { type Outcome, success } from '../failure.ts'
import { ledgerFailure } from './state.ts'

/** What the ledger knows beside evidence and promotions, in its order. */
export interface History {
  readonly events: readonly EventEntry[]
  readonly runs: readonly RunEntry[]
  readonly gates: readonly GateEntry[]
}

/** Reads events, runs and decisions of the gate. A record that only says it is one is left out: anybody may append records. */
export async function readHistory(ledger: Ledger): Promise<Outcome<History>> {
  const records = await ledger.select(({ body }) => KINDS.has(body.kind))
  if (!records.ok) return ledgerFailure(records.failure)
  const found = <T>(read: (record: LedgerRecord) => T | undefined): readonly T[] =>
    records.value.flatMap((record) => {
      const entry = read(record)
      return entry === undefined ? [] : [entry]
    })
  return success({ events: found(eventEntry), runs: found(runEntry), gates: found(gateEntry) })
}

const KINDS: ReadonlySet<string> = new Set(['event', 'run', 'gate'])

/** The event of a record, with the record's number. */
export function eventEntry({ seq, body }: LedgerRecord): EventEntry | undefined {
  if (body.kind !== 'event' || !isObject(body['event'])) return undefined
  const { at, kind, subject, digest, detail } = body['event']
  if (typeof at !== 'string' || typeof subject !== 'string' || typeof digest !== 'string') return undefined
  if (typeof kind !== 'string' || !isEventKind(kind)) return undefined
  return {
    record: seq,
    at,
    kind,
    subject,
    digest,
    ...(isObject(detail) ? { detail } : {}),
    ...(body['clock'] === 'simulated' ? { clock: 'simulated' } : {}),
  }
}

function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(eventKinds, kind)
}

/** A run of the pipeline as its record has it. */
export function runEntry({ seq, body }: LedgerRecord): RunEntry | undefined {
  const { statement, run } = body
  if (body.kind !== 'run' || !isObject(statement) || !isObject(run)) return undefined
  const { status, stages } = statement
  const { startedAt } = run
  if (typeof status !== 'string' || typeof startedAt !== 'string' || !Array.isArray(stages)) return undefined
  const restored = new Set(
    objects(run['stages']).flatMap(({ name, cached }) => (cached === true && typeof name === 'string' ? [name] : [])),
  )
  return {
    record: seq,
    status,
    startedAt,
    stages: objects(stages).flatMap(({ name, needs, makes, failure }) => {
      if (typeof name !== 'string') return []
      const failed = typeof failure === 'string' ? { failure } : {}
      return [{ name, needs: files(needs), makes: files(makes), cached: restored.has(name), ...failed }]
    }),
  }
}

/** A decision of the gate as its record has it. */
export function gateEntry({ seq, body }: LedgerRecord): GateEntry | undefined {
  const { open, candidate, environment, at, reasons, supporting } = body
  if (body.kind !== 'gate' || typeof open !== 'boolean') return undefined
  const against = objects(reasons).flatMap(({ clause, code }) => {
    const named = clause ?? code
    return typeof named === 'string' ? [named] : []
  })
  return {
    record: seq,
    open,
    against: [...new Set(against)],
    supporting: Array.isArray(supporting) ? supporting.length : 0,
    ...(typeof candidate === 'string' ? { candidate } : {}),
    ...(typeof at === 'string' ? { at } : {}),
    ...(typeof environment === 'string' ? { environment } : {}),
  }
}

function files(value: JsonValue | undefined): readonly FileDigest[] {
  return objects(value).flatMap(({ path, digest }) =>
    typeof path === 'string' && typeof digest === 'string' ? [{ path, digest }] : [],
  )
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
