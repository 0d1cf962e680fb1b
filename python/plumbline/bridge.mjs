// The compiled guard of a spec, asked from Python by JSON lines: `{id, rows}` in, `{id, answer}` out, and in between
// `{id, ask: "model" | "fallback", rows}` for what only Python can answer. NaN and infinity are no JSON: Python sends null.
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [, , file, hasFallback] = process.argv
const { guard, serve, parseJson, plan } = await import(pathToFileURL(file).href)
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

const asking = (id, whom) => async (rows) => {
  say({ id, ask: whom, rows })
  const { value } = await lines.next()
  const answer = JSON.parse(value)
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer.rows
}

say({ ready: true, notEnforced: plan.notEnforced })
for (;;) {
  const { value, done } = await lines.next()
  if (done) break
  const read = parseJson(value)
  if (!read.ok) {
    say({ answer: { kind: 'rejected', phase: 'input', row: 0, clauses: [], problem: read.problem } })
    continue
  }
  const { id, rows } = read.value
  const fallback = hasFallback === 'yes' ? { fallback: asking(id, 'fallback') } : {}
  say({ id, answer: await serve(guard, rows, { model: asking(id, 'model'), ...fallback }) })
}
