import type { Host, HostError, JsonValue } from '@plumbline/core'

/** How a verb ended: its exit code (null when a signal ended it), what it said as JSON, and its last words for people. */
export type VerbEnd =
  | { readonly ok: true; readonly exit: number | null; readonly json: JsonValue | undefined; readonly said: string }
  | { readonly ok: false; readonly error: HostError }

/** Runs verbs of `plumb`, each in a process of its own. */
export interface Verbs {
  run(args: readonly string[], signal: AbortSignal | undefined): Promise<VerbEnd>
}

/** How the command is called, so that its verbs see the same project at the same time. */
export interface VerbCommand {
  /** The program and its first arguments, such as `node`, `plumb.js`. */
  readonly command: readonly [string, ...string[]]
  /** The project folder. */
  readonly root: string
  readonly specFile?: string
  /** The file of the simulated clock. */
  readonly clockFile?: string
  readonly params?: Readonly<Record<string, string>>
}

/** What is kept of the output of a verb, in characters; the rest of a longer one is no JSON any more, and not needed. */
const LONGEST = 64 * 1024 * 1024
const LAST_WORDS = 400

/** Verbs as programs of the host, without a shell. */
export function plumbVerbs(host: Pick<Host, 'spawn'>, call: VerbCommand): Verbs {
  const params = Object.entries(call.params ?? {}).flatMap(([name, value]) => ['--param', `${name}=${value}`])
  const common = [
    '-C',
    call.root,
    ...(call.specFile === undefined ? [] : ['--spec', call.specFile]),
    ...(call.clockFile === undefined ? [] : ['--clock', call.clockFile]),
    ...params,
    '--json',
  ]
  return {
    async run(args, signal) {
      const texts = { stdout: '', stderr: '' }
      const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
      const ended = await host.spawn({
        command: [...call.command, ...common, ...args],
        cwd: call.root,
        ...(signal === undefined ? {} : { signal }),
        onOutput: (stream, data) => {
          if (texts[stream].length < LONGEST) texts[stream] += decoders[stream].decode(data, { stream: true })
        },
      })
      if (!ended.ok) return ended
      const said = texts.stderr.trim().slice(-LAST_WORDS)
      return { ok: true, exit: ended.value.exitCode, json: fromJson(texts.stdout), said }
    },
  }
}

function fromJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
