import { windowAt } from '@plumbline/core'
import type { LoopProgram } from './advance.ts'
import { championOf, type LoopState, type Violation } from './state.ts'

/** A half-open span of time in microseconds since 1970 UTC. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * The requests that what asks for a retraining speaks of: from the first window in the row that a clause's `for` counts, to
 * the end of the last. Undefined where nothing names a window.
 */
export function triggerSpan(causes: readonly Violation[], { clauses }: LoopProgram): Span | undefined {
  const spans = causes.flatMap(({ clause, window }) => {
    if (window === undefined) return []
    const declared = clauses.find(({ id }) => id === clause)
    const inARow = declared?.form === 'always' ? declared.for : 1
    return [{ from: window.from - (inARow - 1) * (window.to - window.from), to: window.to }]
  })
  if (spans.length === 0) return undefined
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) }
}

/**
 * The instant that a decision about a trigger is made as of: the end of the last window, of the narrowest width that asked,
 * that is closed by now. It moves with the windows only, so that what is decided does not hang on the moment of looking.
 */
export function asOf(causes: readonly Violation[], { monitor }: LoopProgram, now: number): number {
  const widths = causes.flatMap(({ window }) => (window === undefined ? [] : [window.to - window.from]))
  return widths.length === 0 ? now : windowAt(Math.min(...widths), now - (monitor?.lateness ?? 0)).from
}

/**
 * The requests a challenger learns from: those of the trigger and all since, or, where nothing names a window, those since
 * the version in production came there; `to` is what `asOf` says. Undefined without a version, or where the spec names no
 * file for them.
 */
export function learningSpan(
  state: LoopState,
  program: LoopProgram,
  causes: readonly Violation[],
  now: number,
): Span | undefined {
  const champion = championOf(state)
  if (program.retrain?.window === undefined || champion === undefined) return undefined
  const from = triggerSpan(causes, program)?.from ?? champion.since
  const to = asOf(causes, program, now)
  return from < to ? { from, to } : undefined
}
