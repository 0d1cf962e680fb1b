import type { EventEntry } from '../input.ts'
import { readInstant } from '../words/time.ts'

/** How an attempt to retrain ended, or how far it came. */
export type AttemptState = 'promoted' | 'refused' | 'running'

/** One attempt to retrain, from the suspicion to its end. */
export interface Attempt {
  /** What asked for it: a clause, `new-data`, `schedule` or `command`. */
  readonly subject: string
  /** Its transitions in the order of the ledger; never empty. */
  readonly steps: readonly EventEntry[]
  readonly state: AttemptState
  /** Digest of the challenger, once there is one. */
  readonly challenger?: string
  /** Why it was refused, as the loop says it. */
  readonly reason?: string
  /** Milliseconds since 1970 UTC. */
  readonly from: number
  readonly to: number
}

const ENDS: ReadonlySet<string> = new Set(['retrain.refused', 'retrain.verified'])
const WITH_CHALLENGER: ReadonlySet<string> = new Set([
  'retrain.trained',
  'retrain.validated',
  'retrain.staged',
  'retrain.promoted',
  'retrain.refused',
  'retrain.verified',
])

/** The attempts to retrain, in the order in which they began. Events of one attempt name one cause. */
export function readAttempts(events: readonly EventEntry[]): readonly Attempt[] {
  const attempts: EventEntry[][] = []
  const open = new Map<string, EventEntry[]>()
  for (const event of events) {
    if (!event.kind.startsWith('retrain.')) continue
    const key = causeOf(event)
    const known = open.get(key)
    const steps = known ?? []
    if (known === undefined) {
      attempts.push(steps)
      open.set(key, steps)
    }
    steps.push(event)
    if (ENDS.has(event.kind)) open.delete(key)
  }
  return attempts.flatMap((steps) => {
    const read = attemptOf(steps)
    return read === undefined ? [] : [read]
  })
}

function causeOf({ subject, detail }: EventEntry): string {
  const cause = detail?.['cause']
  return typeof cause === 'string' ? cause : subject
}

function attemptOf(steps: readonly EventEntry[]): Attempt | undefined {
  const [first] = steps
  const times = steps.flatMap(({ at }) => readInstant(at) ?? [])
  if (first === undefined || times.length === 0) return undefined
  const refusal = steps.find(({ kind }) => kind === 'retrain.refused')
  const promoted = steps.some(({ kind }) => kind === 'retrain.promoted' || kind === 'retrain.verified')
  const challenger = steps.findLast(({ kind, digest }) => WITH_CHALLENGER.has(kind) && digest !== '')?.digest
  const reason = refusal?.detail?.['reason'] ?? refusal?.detail?.['why']
  return {
    subject: first.subject,
    steps,
    state: refusal !== undefined ? 'refused' : promoted ? 'promoted' : 'running',
    from: Math.min(...times),
    to: Math.max(...times),
    ...(challenger === undefined ? {} : { challenger }),
    ...(typeof reason === 'string' ? { reason } : {}),
  }
}

/** A transition in one word: `retrain.trained` → `trained`. */
export function stepWord({ kind }: EventEntry): string {
  return kind.replace('retrain.', '')
}
