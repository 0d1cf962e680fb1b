import type { Expected } from './expected.ts'
import type { ReleaseRequest } from './requests.ts'
import type { StagedOutcome } from './staged.ts'

/** A generated request, how it has to end, and what came back. */
export interface Exchange {
  readonly request: ReleaseRequest
  /** Absent where the body is no request. */
  readonly expected?: Expected
  readonly outcome: StagedOutcome
  /** How often it was asked again because the guard's time was up. */
  readonly repeated: number
  /** The body of the reply as JSON; undefined where it is none. */
  readonly body: unknown
}

/** What is wrong with one exchange, and where to look. */
export interface Problem {
  readonly because: string
  /** Index of the row within the request, where one row is to blame. */
  readonly row?: number
  readonly cells?: Readonly<Record<string, number | string | boolean | null>>
}

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>

/** Whether a value of JSON is an object. */
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON, or undefined for what is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The tensors of an answer by name; undefined where its `outputs` are no list of objects. */
export function outputsOf(body: unknown): ReadonlyMap<string, Json> | undefined {
  const outputs = isObject(body) ? body['outputs'] : undefined
  if (!Array.isArray(outputs) || !outputs.every((each) => isObject(each) && typeof each['name'] === 'string'))
    return undefined
  return new Map(outputs.map((each: Json) => [each['name'] as string, each]))
}

/** The ids of clauses that an answer's header names; the header ends after this many. */
export const CLAUSES_IN_HEADER = 32

/** The ids of clauses in the headers of a reply. */
export function clausesNamed(headers: Readonly<Record<string, string>>): readonly string[] {
  const text = headers['plumbline-clauses'] ?? ''
  return text === '' ? [] : text.split(',').map((id) => decoded(id.trim()))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A value as evidence shows it; long texts are cut. */
export function shown(value: unknown): number | string | boolean | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value as number | boolean | null
  if (value === undefined) return null
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 120)
}
