import type { Host } from '@plumbline/core'
import type { Style } from './terminal/style.ts'

/** What every verb gets: where it works, how it speaks, and how it is stopped. */
export interface CommandContext {
  readonly host: Host
  /** The project folder, absolute (`-C`). */
  readonly root: string
  /** The spec file the user named, if any. */
  readonly specFile?: string
  /** The file of the simulated clock, absolute (`--clock`); programs that this one starts are given it, too. */
  readonly clockFile?: string
  readonly params: Readonly<Record<string, string>>
  readonly json: boolean
  readonly style: Style
  /** Results; what a pipe gets. */
  readonly out: (text: string) => void
  /** Progress and failures. */
  readonly err: (text: string) => void
  /** Redraws one line of progress on a terminal; does nothing elsewhere. */
  readonly progress: (text: string) => void
  readonly interactive: boolean
  readonly signal: AbortSignal
  readonly toolVersion: string
}
