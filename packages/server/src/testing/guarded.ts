import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, type Digest, digestBytes, guardModule, guardPlan, type Program } from '@plumbline/core'
import { type Answerer, createGuard, type Guard, type GuardOptions, type GuardRules } from '@plumbline/guard'
import { openOnnxVersion } from '../models/onnx-version.ts'
import { type ModelVersion, versionOfDigest } from '../versions/model-version.ts'

const INDEPENDENT = new URL('../../../../tests/independent/', import.meta.url)
const SPEC = readFileSync(new URL('specs/models.plumb.yaml', INDEPENDENT), 'utf8')

/** A flagging clause, and a fallback to the logistic model where the answer violates a clause. */
export const WITH_FALLBACK = `  rich-or-old: { says: a, of: requests, every: limit_bal > 20_000.0 || age > 30, severity: warn }
guard:
  output: { on_violation: fallback }
  fallback: { model: logistic }
`

/** The spec of the independent tests with a section added. */
export function programOf(section: string): Program {
  const { value, diagnostics } = compile({
    main: { path: 'plumb.yaml', text: `${SPEC.trimEnd()}\n${section}` },
    others: [],
  })
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return value
}

/** The guard of that spec. */
export async function guardOf(section: string, options: GuardOptions = {}): Promise<Guard> {
  const planned = guardPlan(programOf(section))
  if (planned === undefined) throw new Error('The spec has no champion.')
  const text = guardModule(planned)
  const rules: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)
  return createGuard(rules as GuardRules, options)
}

/** The path of a model of the independent tests. */
export const modelPath = (file: string): string => fileURLToPath(new URL(`models/${file}`, INDEPENDENT))

/** A model of the independent tests, opened. */
export async function onnxVersion(file: string, model: string, guard: Guard, section: string): Promise<ModelVersion> {
  const bytes = readFileSync(modelPath(file))
  const opened = await openOnnxVersion(bytes, { program: programOf(section), plan: guard.plan, model })
  if (!opened.ok) throw new Error(opened.refusal.message)
  return opened.value
}

/** A version that answers by a function; `name` makes its digest. */
export function versionOf(
  answer: Answerer,
  name = 'a model',
  close: () => Promise<void> = async () => undefined,
): ModelVersion {
  const digest: Digest = digestBytes(name)
  const ask: ModelVersion['answer'] = async (rows, deadline) => ({ rows: await answer(rows, deadline?.signal) })
  return { digest, version: versionOfDigest(digest), answer: ask, artifact: new TextEncoder().encode(name), close }
}

/** A row that satisfies every clause. */
export const ROW = { limit_bal: 50000.5, sex: 1, age: 40, pay_0: 0, pay_2: 0, bill_amt1: 1000 }

/** Fields of a row. */
export type Fields = Readonly<Record<string, unknown>>

const TYPES: Readonly<Record<string, string>> = { limit_bal: 'FP64', bill_amt1: 'FP64' }

/** Rows as one tensor for each field. */
export const tensors = (rows: readonly Fields[]): readonly object[] =>
  Object.keys(rows[0] ?? {}).map((name) => ({
    name,
    shape: [rows.length],
    datatype: TYPES[name] ?? 'INT64',
    data: rows.map((row) => row[name]),
  }))

/** What a server answered to a request. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** Sends a request to infer to the model `credit`. */
export async function infer(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const response = await fetch(`${url}/v2/models/credit/infer`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

/** What a version answers to rows, outside any request. */
export async function offline(
  version: ModelVersion,
  rows: readonly Fields[],
): Promise<readonly Record<string, number>[]> {
  const { rows: answered } = await version.answer(rows as never, undefined, { id: 'offline' })
  return answered as readonly Record<string, number>[]
}
