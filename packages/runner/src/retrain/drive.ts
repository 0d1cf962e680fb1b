import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostResult } from '@plumbline/core'
import type { LedgerFailure, LedgerPosition } from '@plumbline/store'
import { advance } from './advance.ts'
import { instantOf } from './events.ts'
import { needsReader } from './needs.ts'
import { nextStep, type Step, type World } from './next-step.ts'
import { type LoopState, NOTHING_YET } from './state.ts'
import { failed, takeStep, type Taking, type Unfinished } from './take.ts'

/** What the loop is run with. */
export interface LoopOptions extends Omit<Taking, 'readNeeds'> {
  /** Ends when there is nothing to do but wait, rather than wait. */
  readonly once?: boolean
}

/** Why the loop ended. */
export type LoopEnd =
  /** There is nothing to do but wait (`once`). */
  | { readonly kind: 'settled'; readonly waiting: Extract<Step, { do: 'wait' }> }
  | { readonly kind: 'stopped' }
  /** Another loop of this project runs. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'ledger'; readonly failure: LedgerFailure }
  | { readonly kind: 'host'; readonly message: string }

/** Files of the loop, relative to the project. */
export const LOOP_FILES = {
  lock: '.plumb/retrain/loop.lock',
  /** An instant (RFC 3339): all that `plumb watch` had decided up to then was seen, and nothing is left to do about it. */
  position: '.plumb/retrain/position',
} as const

/** How far `plumb watch` has come, relative to the project. */
const WATCH_POSITION = '.plumb/watch/position'

/** How often the loop looks whether something has changed, in milliseconds of real time; and whether the watch has come further. */
const LOOK_MS = 100
const POSITION_LOOK_MS = 10
/** Wait before an action that failed for no reason of its own is tried again: doubled each time, to at most a minute. */
const AGAIN_MS = 200
const LONGEST_AGAIN_MS = 60_000
/** Labels are counted again when another window was closed, or after so long, in milliseconds of real time. */
const RECOUNT_MS = 60_000
const LOCK_TIMEOUT_MS = 1_000

/** Runs the loop of a project until it is told to stop or, with `once`, until it could only wait. One at a time in a project. */
export async function runLoop(options: LoopOptions): Promise<LoopEnd> {
  const { host, root } = options
  const lockFile = join(root, LOOP_FILES.lock)
  const made = await host.files.mkdir(dirname(lockFile))
  if (!made.ok) return { kind: 'host', message: made.error.message }
  const lock = await host.files.lock(lockFile, { timeoutMs: LOCK_TIMEOUT_MS })
  if (!lock.ok) return lock.error.kind === 'busy' ? { kind: 'busy' } : { kind: 'host', message: lock.error.message }
  try {
    return await untilStopped(options)
  } finally {
    await lock.value.release()
  }
}

async function untilStopped(options: LoopOptions): Promise<LoopEnd> {
  const { signal, host, root } = options
  const settle = settler({ ...options, readNeeds: needsReader(host, root, options.program) })
  let written = ''
  for (;;) {
    // Read before the ledger: what had been decided by then is in it.
    const watched = await watchPosition(options)
    const position = watched ?? instantOf(host.clock.now() * 1000)
    const settled = await settle()
    if (settled.kind === 'again') {
      await pause(Math.min(AGAIN_MS * 2 ** settled.failures, LONGEST_AGAIN_MS), signal)
      continue
    }
    if (settled.kind !== 'settled') return settled
    if (position !== written) {
      const done = await writePosition(options, position)
      if (!done.ok) return { kind: 'host', message: done.error.message }
      written = position
    }
    if (options.once === true) return settled
    await untilNext(options, watched)
  }
}

/** `failures`: how often in a row a step has failed before, from 0. */
type Settled = LoopEnd | { readonly kind: 'again'; readonly failures: number }

/** Takes one step after the other until the loop could only wait. It keeps what it has read of the ledger. */
function settler(taking: Taking): () => Promise<Settled> {
  const { program, host, ledger, signal } = taking
  let state: LoopState = NOTHING_YET
  let read: LedgerPosition | undefined
  let failures = 0
  const follow = async (): Promise<LedgerFailure | undefined> => {
    for await (const each of ledger.read(read)) {
      if (!each.ok) return each.failure
      state = advance(state, program, each.record)
      read = { seq: each.record.seq, digest: each.record.digest, place: each.place }
    }
    return undefined
  }
  const labelsOf = labelCounter(taking)
  const ask = async (): Promise<Exclude<Step, { do: 'count-labels' }> | Unfinished> => {
    const needs = program.retrain?.newData === true ? { needs: await taking.readNeeds() } : {}
    const world: World = { now: host.clock.now() * 1000, ...needs }
    const step = nextStep(state, program, world)
    if (step.do !== 'count-labels') return step
    const labels = await labelsOf(step.span, step.by)
    if ('kind' in labels) return labels
    const counted = nextStep(state, program, { ...world, labels })
    return counted.do === 'count-labels' ? { do: 'wait', for: 'labels' } : counted
  }
  return async () => {
    for (;;) {
      if (signal?.aborted === true) return { kind: 'stopped' }
      const failure = await follow()
      if (failure !== undefined) return { kind: 'ledger', failure }
      const step = await ask()
      if ('do' in step && step.do === 'wait') return { kind: 'settled', waiting: step }
      const taken = 'do' in step ? await takeStep(taking, state, step) : step
      if (taken.kind === 'again') return { kind: 'again', failures: failures++ }
      if (taken.kind !== 'taken') return taken
      failures = 0
    }
  }
}

/** Counts labels; a count is good until another window is closed, or for a while. */
function labelCounter(
  taking: Taking,
): (
  span: { readonly from: number; readonly to: number },
  by: number,
) => Promise<NonNullable<World['labels']> | Unfinished> {
  let last: { readonly key: string; readonly at: number; readonly labels: NonNullable<World['labels']> } | undefined
  return async (span, by) => {
    const key = JSON.stringify([span, by])
    const now = taking.host.clock.monotonic()
    if (last?.key === key && now - last.at < RECOUNT_MS) return last.labels
    const counted = await taking.countLabels(span, by, taking.signal)
    if (taking.signal?.aborted === true) return { kind: 'stopped' }
    if (!counted.ok) return failed(taking, { kind: 'again', why: counted.why })
    const { served, labelled } = counted
    last = { key, at: now, labels: { served, labelled } }
    return last.labels
  }
}

function writePosition({ host, root }: LoopOptions, position: string): Promise<HostResult<void>> {
  return host.files.writeAtomic(join(root, LOOP_FILES.position), `${position}\n`)
}

async function watchPosition({ host, root }: LoopOptions): Promise<string | undefined> {
  const read = await host.files.readFile(join(root, WATCH_POSITION))
  const text = read.ok ? new TextDecoder().decode(read.value).trim() : ''
  return Number.isFinite(Date.parse(text)) ? text : undefined
}

/** Waits for the next look; no longer than until the watch has come further, which is what the loop mostly waits for. */
async function untilNext(options: LoopOptions, watched: string | undefined): Promise<void> {
  for (let waited = 0; waited < LOOK_MS; waited += POSITION_LOOK_MS) {
    await pause(POSITION_LOOK_MS, options.signal)
    if (options.signal?.aborted === true || (await watchPosition(options)) !== watched) return
  }
}

/** Waits, or ends early when the loop is told to stop. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
}
