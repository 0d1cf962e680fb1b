import { join } from 'node:path'
import type { EventDetail, Host, JsonObject, JsonValue } from '@plumbline/core'
import type { LoopProgram } from './advance.ts'
import { instantOf, type RefusalReason } from './events.ts'
import type { Cycle } from './state.ts'
import type { Verbs } from './verbs.ts'

/** How many requests were served, and how many of them have a label; or, in words, why that could not be told. */
export type LabelCount =
  | { readonly ok: true; readonly served: number; readonly labelled: number }
  | { readonly ok: false; readonly why: string }

/** Counts the requests of a span that were served, and those of them whose label had arrived by an instant (microseconds since 1970 UTC). */
export type CountLabels = (
  span: { readonly from: number; readonly to: number },
  by: number,
  signal: AbortSignal | undefined,
) => Promise<LabelCount>

/** What the loop works with. */
export interface Workshop {
  readonly host: Host
  readonly root: string
  readonly program: LoopProgram
  readonly verbs: Verbs
  readonly countLabels: CountLabels
  /** Whether the stages of the spec may be started. */
  readonly trusted: boolean
  /** Whether a server of the role production answers. */
  readonly isServing: () => Promise<boolean>
  readonly signal?: AbortSignal
}

type Detail = Readonly<Record<string, EventDetail>>

/**
 * What came of an action: it is done (`digest`: the version it is about), there is a reason to refuse the challenger, it has
 * to be tried again (somebody else is at it, or the machine failed), or the loop was told to stop.
 */
export type Acted =
  | { readonly kind: 'done'; readonly digest: string; readonly detail?: Detail }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail?: Detail }
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'stopped' }

/** Exit codes of `plumb`, as `docs/cli.md` has them. */
const EXIT = { ok: 0, violated: 1, usage: 2, undecided: 3, environment: 4, interrupted: 130 } as const

/** Failures of `plumb run` that say nothing about the stages. */
const NOT_THE_STAGES: ReadonlySet<string> = new Set(['busy', 'host', 'state', 'ledger', 'artifact'])

interface Ended {
  readonly exit: number
  readonly json: JsonObject
  /** What went wrong, in words. */
  readonly why: string
}

/** Runs a verb; anything that says nothing about the question is an action to be tried again. */
async function call(
  { verbs, signal }: Workshop,
  args: readonly string[],
): Promise<Ended | Extract<Acted, { kind: 'again' | 'stopped' }>> {
  const ended = await verbs.run(args, signal)
  if (isAborted(signal)) return { kind: 'stopped' }
  if (!ended.ok) return { kind: 'again', why: ended.error.message }
  const { exit, said } = ended
  const json = isObject(ended.json) ? ended.json : {}
  const error = isObject(json['error']) ? json['error'] : {}
  const why = typeof error['message'] === 'string' ? error['message'] : said
  // A verb that was killed, or never came to its end, decided nothing.
  if (exit === null || exit === EXIT.interrupted)
    return { kind: 'again', why: `plumb ${args[0]} was ended from outside` }
  return { exit, json, why }
}

/** Writes the labelled requests and runs the stages; the challenger is whatever file they leave. */
export async function train(workshop: Workshop, cycle: Cycle): Promise<Acted> {
  const { host, root, program } = workshop
  const { retrain } = program
  if (retrain === undefined) return { kind: 'refused', reason: 'no-candidate' }
  const exported = await exportWindow(workshop, cycle, retrain.window)
  if (exported.kind !== 'done') return exported
  const ran = await call(workshop, ['run', ...retrain.stages, ...(workshop.trusted ? ['--trust'] : [])])
  if ('kind' in ran) return ran
  if (ran.exit !== EXIT.ok) {
    const error = isObject(ran.json['error']) ? ran.json['error'] : {}
    if (NOT_THE_STAGES.has(String(error['kind']))) return { kind: 'again', why: ran.why }
    return { kind: 'refused', reason: 'stages-failed', detail: { why: ran.why } }
  }
  const made = await host.files.digest(join(root, retrain.candidate))
  if (made.ok)
    return { kind: 'done', digest: made.value, ...(exported.detail === undefined ? {} : { detail: exported.detail }) }
  return made.error.kind === 'not-found'
    ? { kind: 'refused', reason: 'no-candidate' }
    : { kind: 'again', why: made.error.message }
}

async function exportWindow(workshop: Workshop, { span }: Cycle, file: string | undefined): Promise<Acted> {
  if (span === undefined || file === undefined) return { kind: 'done', digest: '' }
  const ended = await call(workshop, ['export', ...spanArgs(span), '--out', file])
  if ('kind' in ended) return ended
  const { served, labelled, learn, heldOut, digest } = ended.json
  const counts = Object.fromEntries(
    Object.entries({ served, labelled, learn, heldOut }).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  )
  if (ended.exit === EXIT.ok && typeof digest === 'string')
    return { kind: 'done', digest, detail: { window: { ...counts, digest } } }
  if (ended.exit === EXIT.undecided) return { kind: 'refused', reason: 'too-few-labels', detail: counts }
  if (ended.exit === EXIT.environment) return { kind: 'again', why: ended.why }
  return { kind: 'refused', reason: 'window-failed', detail: { why: ended.why } }
}

/** Tests the challenger on data and model, and asks the gate of staging. */
export async function validate(workshop: Workshop, cycle: Cycle): Promise<Acted> {
  const candidate = await theCandidate(workshop, cycle)
  if (candidate.kind !== 'done') return candidate
  // Side by side: neither needs the other, and the gate reads what both have written.
  const stages = ['data', 'model'].map((name) => call(workshop, ['test', '--stage', name, ...candidateArgs(workshop)]))
  for (const tested of await Promise.all(stages)) {
    if ('kind' in tested) return tested
    if (tested.exit === EXIT.environment) return { kind: 'again', why: tested.why }
  }
  const gate = await call(workshop, ['gate', '--environment', 'staging', ...candidateArgs(workshop)])
  if ('kind' in gate) return gate
  if (gate.exit === EXIT.environment) return { kind: 'again', why: gate.why }
  if (gate.exit === EXIT.ok && gate.json['open'] === true) return candidate
  return { kind: 'refused', reason: 'gate-closed', detail: reasonsOf(gate) }
}

/** Has the challenger answer in staging, where an environment asks for it, and tests it there. */
export async function stage(workshop: Workshop, cycle: Cycle): Promise<Acted> {
  const candidate = await theCandidate(workshop, cycle)
  if (candidate.kind !== 'done') return candidate
  const { staging, production } = workshop.program.release
  if (![...staging.requires, ...production.requires].includes('release'))
    return { ...candidate, detail: { tested: false } }
  const tested = await call(workshop, ['test', '--stage', 'release', ...candidateArgs(workshop)])
  if ('kind' in tested) return tested
  if (tested.exit === EXIT.environment) return { kind: 'again', why: tested.why }
  if (tested.exit === EXIT.ok) return { ...candidate, detail: { tested: true } }
  return { kind: 'refused', reason: 'release-failed', detail: { exit: tested.exit, why: tested.why } }
}

/** Makes the challenger the champion, if the gate of production is open; the server loads it, and it is read back. */
export async function promote(workshop: Workshop, cycle: Cycle): Promise<Acted> {
  const candidate = await theCandidate(workshop, cycle)
  if (candidate.kind !== 'done') return candidate
  const promoted = await call(workshop, ['promote', ...candidateArgs(workshop)])
  if ('kind' in promoted) return promoted
  if (promoted.json['promoted'] === true) return { ...candidate, detail: { exit: promoted.exit } }
  if (promoted.exit === EXIT.environment) return { kind: 'again', why: promoted.why }
  return { kind: 'refused', reason: 'not-promoted', detail: reasonsOf(promoted) }
}

/** Brings the version before back, because of this evidence. */
export async function rollBack(workshop: Workshop, reason: string): Promise<Acted> {
  const ended = await call(workshop, ['promote', '--rollback', '--reason', reason])
  if ('kind' in ended) return ended
  const { digest } = ended.json
  // What answers could not be found out: it has to be read back before anything else is done.
  const isKnown = typeof digest === 'string' && ended.exit !== EXIT.environment
  return isKnown
    ? { kind: 'done', digest, detail: { isMismatch: ended.exit === EXIT.violated } }
    : { kind: 'again', why: ended.why || 'the rollback was not read back' }
}

/** The challenger as it was trained: a file of other bytes is another model. */
async function theCandidate({ host, root, program }: Workshop, { candidate }: Cycle): Promise<Acted> {
  const found = await host.files.digest(join(root, program.retrain?.candidate ?? ''))
  if (!found.ok && found.error.kind !== 'not-found') return { kind: 'again', why: found.error.message }
  if (found.ok && found.value === candidate) return { kind: 'done', digest: candidate }
  return { kind: 'refused', reason: 'candidate-changed', detail: { found: found.ok ? found.value : null } }
}

function candidateArgs({ program }: Workshop): readonly string[] {
  return program.retrain === undefined ? [] : ['--candidate', program.retrain.candidate]
}

function spanArgs({ from, to }: { readonly from: number; readonly to: number }): readonly string[] {
  return ['--from', instantOf(from), '--to', instantOf(to)]
}

const MOST_REASONS = 20

/** Why a gate is closed, for the record: codes and clauses; the words are in the record of the gate itself. */
function reasonsOf({ json, why }: Ended): Detail {
  const { reasons } = json
  if (!Array.isArray(reasons)) return { why }
  return {
    reasons: reasons.slice(0, MOST_REASONS).map((reason: JsonValue) => {
      const { code, clause, slice } = isObject(reason) ? reason : {}
      return [code, clause, slice].filter((part) => typeof part === 'string').join(' ')
    }),
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
