import type { CommandContext } from '../context.ts'

/** A `plumb stage` that was started. */
export interface StagingProcess {
  /** Tells it to stop, and waits for its end. */
  readonly stop: () => Promise<void>
}

/** The process once it serves, or what it said instead. */
export type StagingStart =
  | { readonly ok: true; readonly value: StagingProcess }
  | { readonly ok: false; readonly why: string }

/** How long a server may take to open a model and warm up. */
const START_MS = 60_000
/** What is kept of what it says. */
const MOST_WORDS = 20_000

/** Starts `plumb stage` for a candidate and waits until it serves. */
export async function startStaging(context: CommandContext, candidate: string): Promise<StagingStart> {
  const stopping = new AbortController()
  const deadline = AbortSignal.timeout(START_MS)
  let out = ''
  let err = ''
  let heard = (): void => undefined
  const serving = new Promise<void>((resolve) => {
    heard = resolve
  })
  const ended = context.host.spawn({
    command: commandOf(context, ['stage', '--candidate', candidate]),
    cwd: context.root,
    signal: AbortSignal.any([stopping.signal, context.signal]),
    onOutput: (stream, data) => {
      const text = new TextDecoder().decode(data)
      if (stream === 'stderr') err = `${err}${text}`.slice(-MOST_WORDS)
      else {
        out = `${out}${text}`.slice(0, MOST_WORDS)
        if (said(out)?.['url'] !== undefined) heard()
      }
    },
  })
  const stop = async (): Promise<void> => {
    stopping.abort()
    await ended
  }
  const first = await Promise.race([
    serving.then(() => 'serving' as const),
    ended.then(() => 'ended' as const),
    new Promise<'late'>((resolve) => {
      deadline.addEventListener('abort', () => resolve('late'), { once: true })
    }),
  ])
  if (first === 'serving') return { ok: true, value: { stop } }
  if (first === 'late') await stop()
  if (first === 'late') return { ok: false, why: `It did not serve within ${START_MS / 1000} s.` }
  const failure = said(out)?.['error'] as { readonly message?: unknown } | undefined
  const why = typeof failure?.message === 'string' ? failure.message : err.trim()
  return { ok: false, why: why === '' ? 'It ended without a word.' : why }
}

/** What the process has said as JSON, once it is whole. */
function said(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

/** This command with another verb, in the same project, with the same spec, parameters and clock. */
function commandOf(context: CommandContext, verb: readonly string[]): readonly [string, ...string[]] {
  const { root, specFile, params, clockFile } = context
  return [
    'node',
    process.argv[1] ?? '',
    '-C',
    root,
    '--json',
    ...(specFile === undefined ? [] : ['--spec', specFile]),
    ...Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
    ...(clockFile === undefined ? [] : ['--clock', clockFile]),
    ...verb,
  ]
}
