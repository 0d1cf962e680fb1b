import { canonicalJson, digestBytes, type ProgramColumn, type ProgramModel } from '@plumbline/core'
import { type Batch, type BatchAnswer, batchedRunner } from '../asked/batched-runner.ts'
import type { SentCell } from '../asked/cells.ts'
import { type EngineFailure, failure, type Outcome, success } from '../outcome.ts'
import type { Runner } from '../runner.ts'
import type { ChatCache } from './chat-cache.ts'
import { jsonOf, recordOf, send, type Server } from './send.ts'

/** Rows asked a second time: each is a request that costs. */
const REPEATS = 4

/**
 * Opens a chat as OpenAI's API has it (`POST /chat/completions`): one message a row, made of the prompt and its cells.
 * Temperature 0 and a fixed seed are asked for, which no provider promises to keep. An answer that is no value of the output is an
 * error of its row, or the value that stands for it (`otherwise`). Answers are kept by what was asked, so that the same question costs once; `budget` bounds the requests of a run.
 */
export function openChatModel(
  server: Server,
  model: ProgramModel,
  cache: ChatCache | undefined,
  images: ReadonlySet<string> = new Set(),
): Runner {
  const { runner, host } = server
  let requests = 0
  let answeredBy: string | undefined
  const ask = async (batch: Batch, signal: AbortSignal | undefined): Promise<Outcome<BatchAnswer>> => {
    const nonce = nonceOf(runner.prompt ?? '', batch.columns)
    const body = canonicalJson({
      model: runner.model ?? '',
      messages: [{ role: 'user', content: filled(runner.prompt ?? '', batch.columns, images, nonce) }],
      temperature: 0,
      seed: 1,
    })
    const key = digestBytes(
      canonicalJson({
        address: runner.address,
        body,
        // What is kept under it was answered by that version.
        ...(runner.version === undefined ? {} : { version: runner.version }),
      }),
    )
    const kept = batch.fresh ? undefined : await cache?.read(key)
    if (kept !== undefined) return success(read(model.outputs, withNonce(runner, nonce), kept, 0))
    if (runner.budget !== undefined && requests >= runner.budget)
      return failure(
        'engine/model-budget',
        `The budget of ${runner.budget} requests is used up. Raise \`budget:\`, or ask of fewer rows; answers so far are kept.`,
      )
    requests++
    const answered = await send(
      server,
      { method: 'POST', path: '/chat/completions', headers: { 'content-type': 'application/json' }, body },
      signal,
    )
    if (!answered.ok) return isOfRow(answered.error) ? success(unanswered(model, answered.error.message)) : answered
    const json = jsonOf(answered.value.body)
    if (!json.ok) return json
    const said = contentOf(json.value)
    if (said === undefined)
      return failure(
        'engine/model-protocol',
        `The answer of the server has no \`choices[0].message.content\`.${complaintOf(json.value)}`,
      )
    const other = otherVersion(runner, said.model)
    if (other !== undefined) return other
    answeredBy = said.model ?? answeredBy
    const incomplete = whyIncomplete(said, model)
    if (incomplete !== undefined || said.content === undefined) return success(unanswered(model, incomplete ?? ''))
    if (!batch.fresh) await cache?.write(key, said.content)
    return success(read(model.outputs, withNonce(runner, nonce), said.content, answered.value.body.length))
  }
  return batchedRunner({
    kind: 'http',
    outputs: model.outputs,
    rowsPerCall: 1,
    now: () => host.clock.monotonic(),
    repeats: REPEATS,
    says: () => ({
      protocol: 'openai-chat',
      ...(answeredBy === undefined ? {} : { model: answeredBy }),
      ...(runner.version === undefined ? {} : { version: runner.version, 'version by': 'name' }),
    }),
    close: () => Promise.resolve(),
    ask,
  })
}

/** Why an answer is none of the version that the spec names: what is said of it would be said of another model. */
function otherVersion({ version }: Server['runner'], model: string | undefined): Outcome<never> | undefined {
  if (version === undefined || model === version) return undefined
  return failure(
    'engine/model-version-mismatch',
    `The chat answers as ${model === undefined ? 'a model that it does not name' : `"${model}"`}, and the spec names the version "${version}". Test what answers now: correct \`version\`, or ask for the other one by \`model\`.`,
  )
}

/** Statuses that speak of the one question: it is too long, or a filter refuses it. What refuses the caller or the model is another. */
const OF_ROW: ReadonlySet<unknown> = new Set([400, 413, 422])

function isOfRow({ code, details }: EngineFailure): boolean {
  return code === 'engine/model-refused' && OF_ROW.has(details?.['status'])
}

/** A row that got no answer, and why. */
function unanswered({ outputs }: ProgramModel, why: string): BatchAnswer {
  return { outputs: new Map(outputs.map(({ name }) => [name, [null]])), errors: new Map([[0, why]]), bytes: 0 }
}

/**
 * A word that follows from the question, so that a kept answer stays one, and that no text in a cell can hold: it would have to
 * hold a part of its own digest. What a prompt marks with it, a text that is judged can neither close nor forge.
 */
function nonceOf(prompt: string, columns: Batch['columns']): string {
  const cells = [...columns].map(([name, [cell = null]]) => [name, String(cell)])
  return digestBytes(canonicalJson([prompt, cells])).slice('sha256:'.length, 'sha256:'.length + 12)
}

const withNonce = (runner: Server['runner'], nonce: string): Server['runner'] =>
  runner.after === undefined ? runner : { ...runner, after: runner.after.replaceAll('{nonce}', nonce) }

/** A part of a message, as the API has it. */
type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }

/** The message of a row: a text, or parts of which some are pictures. Only a column that is declared so is one. */
function filled(
  prompt: string,
  columns: Batch['columns'],
  images: ReadonlySet<string>,
  nonce: string,
): string | readonly Part[] {
  const parts: Part[] = []
  let text = ''
  // Every second piece is a name between braces.
  for (const [i, piece] of prompt.split(/\{([^{}]*)\}/).entries()) {
    const cells = i % 2 === 1 ? columns.get(piece) : undefined
    if (cells === undefined) text += i % 2 === 0 ? piece : piece === 'nonce' ? nonce : `{${piece}}`
    else if (!images.has(piece)) text += shown(cells[0] ?? null)
    else if (cells[0] !== null && cells[0] !== undefined) {
      if (text !== '') parts.push({ type: 'text', text })
      parts.push({ type: 'image_url', image_url: { url: String(cells[0]) } })
      text = ''
    }
  }
  if (parts.length === 0) return text
  return text === '' ? parts : [...parts, { type: 'text', text }]
}

const shown = (cell: SentCell): string => (cell === null ? '' : String(cell))

/** What a chat answered: its text, which of its models it says it is, and why it stopped. */
interface Said {
  readonly content: string | undefined
  readonly model: string | undefined
  readonly finished: string | undefined
}

/** Undefined where there is no message at all. */
function contentOf(answer: unknown): Said | undefined {
  const choices = recordOf(answer)?.['choices']
  const choice = Array.isArray(choices) ? recordOf(choices[0]) : undefined
  const message = recordOf(choice?.['message'])
  // What a provider's own filter says in the place of an answer is what was said.
  const content = message?.['content'] ?? message?.['refusal']
  if (message === undefined || (typeof content !== 'string' && content !== undefined && content !== null))
    return undefined
  return {
    content: content ?? undefined,
    model: textAt(answer, 'model'),
    finished: textAt(choice, 'finish_reason'),
  }
}

function textAt(value: unknown, key: string): string | undefined {
  const member = recordOf(value)?.[key]
  return typeof member === 'string' ? member : undefined
}

/** What a server says is wrong although its status is that of an answer. */
function complaintOf(answer: unknown): string {
  const error = recordOf(answer)?.['error']
  const said = typeof error === 'string' ? error : textAt(error, 'message')
  return said === undefined ? '' : ` It says: ${said.slice(0, 200)}`
}

/**
 * Why a message is no whole answer: there is none (a filter, a call of a tool), or it was cut off. Of a text that is cut off what is there
 * was said; a number or a code could be another one.
 */
function whyIncomplete({ content, finished }: Said, { outputs }: ProgramModel): string | undefined {
  const because = finished === undefined ? '' : ` (finish_reason: ${finished})`
  if (content === undefined) return `the answer has no text${because}`
  const [only, second] = outputs
  const text = second === undefined && only?.type.kind === 'string' && only.values === undefined
  return finished === 'length' && !text ? `the answer was cut off${because}` : undefined
}

/** The answer to one row: the text itself for one output, a JSON object with a member for each where there are several. */
function read(
  outputs: readonly ProgramColumn[],
  { after, otherwise }: Server['runner'],
  content: string,
  bytes: number,
): BatchAnswer {
  const [only, second] = outputs
  const said = after === undefined ? content : verdictIn(content, after, only)
  const values = second === undefined && only !== undefined ? { [only.name]: said } : objectIn(said ?? '')
  const lists = new Map<string, readonly unknown[]>()
  let error: string | undefined
  for (const output of outputs) {
    const value = values?.[output.name]
    const cell = cellOf(output, value) ?? otherwise
    if (cell === undefined)
      error ??= `the answer ${JSON.stringify(content.slice(0, 80))} holds no ${output.columnType} for "${output.name}"`
    lists.set(output.name, [cell ?? null])
  }
  return { outputs: lists, errors: new Map(error === undefined ? [] : [[0, error]]), bytes }
}

/**
 * What stands behind the last of some words, to the end of its line; nothing where two of them say different declared values:
 * whoever repeats the text it judges, verdict and all, has said two things.
 */
function verdictIn(content: string, words: string, output: ProgramColumn | undefined): string | undefined {
  const said = content
    .split(words)
    .slice(1)
    .map((text) => text.split('\n', 1)[0] ?? '')
  const declared =
    output?.values === undefined ? [] : said.map((text) => cellOf(output, text)).filter((each) => each !== undefined)
  return new Set(declared).size > 1 ? undefined : said.at(-1)
}

/** A text read as the output is declared: numbers and truth values as JSON has them, codes only as declared. */
function cellOf({ type, values }: ProgramColumn, value: unknown): number | string | boolean | undefined {
  const text = typeof value === 'string' ? value.trim() : undefined
  switch (type.kind) {
    case 'string': {
      const said = typeof value === 'string' && values === undefined ? value : text
      return said !== undefined && (values === undefined || values.some(({ code }) => code === said)) ? said : undefined
    }
    case 'bool':
      return typeof value === 'boolean' ? value : text === 'true' ? true : text === 'false' ? false : undefined
    default: {
      const number = typeof value === 'number' ? value : text === undefined || text === '' ? Number.NaN : Number(text)
      return Number.isFinite(number) && (type.kind === 'double' || Number.isSafeInteger(number)) ? number : undefined
    }
  }
}

/** The JSON object in an answer, also where a fence stands around it. */
function objectIn(content: string): Readonly<Record<string, unknown>> | undefined {
  const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(content)
  const parsed = jsonOf(new TextEncoder().encode(fenced?.[1] ?? content))
  return parsed.ok ? recordOf(parsed.value) : undefined
}
