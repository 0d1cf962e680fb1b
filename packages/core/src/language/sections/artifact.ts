import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { byKind, list, record } from '../reader/collections.ts'
import { present, type Reader, type ReadContext, startOf, transform } from '../reader/reader.ts'
import { address, choice, duration, number, path, rawText, text, webAddress, word } from '../reader/scalars.ts'
import { COMMAND_FORMATS, type ModelRunner, MODEL_PROTOCOLS } from '../spec-models.ts'

/** Where a model is: a file that runs in process, or what else runs it. */
export interface Artifact {
  readonly artifact?: Located<string>
  readonly runner?: ModelRunner
}

const ARTIFACT = 'the path of a model file, or { http: … }, { command: … }, { column: … }'

/** The keys that each way of running a model takes beside its own. */
const KEYS = {
  http: [
    'protocol',
    'model',
    'token',
    'timeout',
    'batch',
    'retries',
    'prompt',
    'budget',
    'after',
    'otherwise',
    'version',
  ],
  command: ['file', 'files', 'format', 'timeout', 'batch'],
  column: [],
} as const
type Way = keyof typeof KEYS

const fields = record('an artifact', {
  http: webAddress,
  protocol: choice('a protocol', MODEL_PROTOCOLS),
  model: word,
  token: address,
  prompt: text,
  after: text,
  otherwise: text,
  version: word,
  retries: number('a number of repetitions', { integer: true, atLeast: 0, atMost: 10 }),
  budget: number('a number of requests', { integer: true, atLeast: 1 }),
  command: list(rawText),
  file: path,
  files: list(path),
  format: choice('a format', COMMAND_FORMATS),
  timeout: duration,
  batch: number('a number of rows', { integer: true, atLeast: 1, atMost: 1_000_000 }),
  column: word,
})

type Read = typeof fields extends Reader<infer F> ? F : never

/** `artifact` of a model. */
export const artifact: Reader<Artifact> = byKind(ARTIFACT, {
  scalar: transform(path, (file): Artifact => ({ artifact: file })),
  map: transform(fields, (read, node, context): Artifact | undefined => {
    const ways = (Object.keys(KEYS) as Way[]).filter((way) => read.entries.has(way))
    const [way, other] = ways
    if (way === undefined) {
      const parameters = { key: 'http', of: 'an artifact', expects: "or 'command', or 'column'" }
      context.report(diagnose(catalog.missingKey, startOf(node), parameters))
      return undefined
    }
    if (other !== undefined) {
      const place = read.entries.get(other)?.keyNode.span ?? startOf(node)
      context.report(diagnose(catalog.severalRunners, place, { kinds: ways }))
      return undefined
    }
    refuseForeignKeys(way, read, context)
    const runner = READERS[way](read)
    return runner && { runner }
  }),
})

const READERS: Readonly<Record<Way, (read: Read) => ModelRunner | undefined>> = {
  column: ({ values: { column } }) => column && { kind: 'column', column },
  command: ({ values: read }) =>
    read.command && {
      kind: 'command',
      command: read.command.map((part) => part.value),
      files: read.files ?? [],
      ...present({ file: read.file, format: read.format?.value, timeout: read.timeout, batch: read.batch }),
    },
  http: ({ values: read }) =>
    read.http && {
      kind: 'http',
      address: read.http,
      protocol: read.protocol?.value ?? 'oip-v2',
      ...present({
        model: read.model,
        token: read.token,
        timeout: read.timeout,
        batch: read.batch,
        retries: read.retries,
        prompt: read.prompt,
        after: read.after,
        otherwise: read.otherwise,
        version: read.version,
        budget: read.budget,
      }),
    },
}

/** A key that this way of running a model does not read would look as if it were obeyed. */
function refuseForeignKeys(way: Way, { entries }: Read, context: ReadContext): void {
  const known: readonly string[] = [way, ...KEYS[way]]
  for (const [key, entry] of entries)
    if (!known.includes(key))
      context.report(
        diagnose(catalog.unknownKey, entry.keyNode.span, {
          key,
          of: `an artifact with '${way}'`,
          fix: undefined,
          known,
          nearest: undefined,
        }),
      )
}
