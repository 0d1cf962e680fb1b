import type { HeldVersion } from '../versions/model-slot.ts'
import type { RequestAbout } from '../versions/model-version.ts'

/** One request on its way, and what becomes known of it. */
export interface Asked extends RequestAbout {
  /** Microseconds since 1970. */
  readonly at: number
  /** When it was read, by the monotonic clock, in milliseconds. */
  readonly began: number
  readonly held: HeldVersion | undefined
  /** Milliseconds that model and fallback took; undefined while nobody was asked. */
  ms: number | undefined
  /** The version that another server says has answered. */
  version: string | undefined
}
