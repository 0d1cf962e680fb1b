import { once } from 'node:events'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'
import { type ServeRequest, serveModel } from './serve-model.ts'

/** What the command line says of a server; read by `main.ts`. */
export interface ServeOptions {
  readonly host: string
  readonly port: number
  /** Milliseconds. */
  readonly timeout?: number
  /** Whether requests are written down; absent where the verb does not offer it. */
  readonly log?: boolean
  readonly maxLogBytes?: number
}

/** Serves in the foreground: one line when it is ready, and a graceful end when the process is told to stop. */
export async function serveUntilStopped(
  context: CommandContext,
  request: Omit<ServeRequest, 'host' | 'port' | 'log' | 'timeoutMs'>,
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const { host, port, timeout, log, maxLogBytes } = options as unknown as ServeOptions
  const serving = await serveModel(context, {
    ...request,
    host,
    port,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(log === true ? { log: maxLogBytes === undefined ? {} : { bytes: maxLogBytes } } : {}),
  })
  if (!serving.ok) return reportFailure(context, serving.failure)
  const { state, stop } = serving.value
  if (context.json) context.out(`${JSON.stringify(state)}\n`)
  else {
    const { green } = context.style
    context.out(
      `${green('✓')} ${state.role}: ${oneLine(state.model)} ${state.digest ?? ''} answers at ${state.url} (Ctrl-C ends it)\n`,
    )
  }
  if (!context.signal.aborted) await once(context.signal, 'abort')
  await stop()
  return EXIT.ok
}
