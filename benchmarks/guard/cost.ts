// The measured process: a request of the example as text, read by JSON.parse, then guarded. Arguments: requests per round, rounds.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, guardModule, guardPlan } from '@plumbline/core'
import { createGuard, type GuardRules, parseJson } from '@plumbline/guard'

const [requests = 200_000, rounds = 9] = process.argv.slice(2).map(Number)
const example = fileURLToPath(new URL('../../examples/credit-default/plumb.yaml', import.meta.url))
const { value: program } = compile({ main: { path: 'plumb.yaml', text: readFileSync(example, 'utf8') }, others: [] })
const planned = program && guardPlan(program)
if (planned === undefined) throw new Error('The example has no guard.')
const rules = (await import(`data:text/javascript,${encodeURIComponent(guardModule(planned))}`)) as GuardRules
const guard = createGuard(rules)

/** Requests with 23 fields that satisfy every clause. */
const texts = Array.from({ length: 4096 }, (_, i) =>
  JSON.stringify({
    limit_bal: 10_000 + i * 100,
    sex: 1 + (i % 2),
    education: i % 7,
    marriage: i % 4,
    age: 18 + (i % 80),
    ...Object.fromEntries(['0', '2', '3', '4', '5', '6'].map((m, k) => [`pay_${m}`, ((i + k) % 10) - 2])),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((m) => [`bill_amt${m}`, (i * m) % 20_000])),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((m) => [`pay_amt${m}`, (i * 7 * m) % 9_000])),
  }),
)
const rows = texts.map((text) => JSON.parse(text) as unknown)
const typed = rows.map((row) => guard.judgeInput(row).row ?? {})
const answers = typed.map((_, i) => ({ risk: (i % 100) / 100 }))

/** What is measured; each counts what it accepts, so that the work cannot be left out. */
const sides: Readonly<Record<string, (i: number) => boolean>> = {
  jsonParse: (i) => typeof JSON.parse(texts[i] ?? '') === 'object',
  parseJson: (i) => parseJson(texts[i] ?? '').ok,
  checkInput: (i) => guard.checkInput([rows[i]]).kind === 'accepted',
  checkOutput: (i) => guard.checkOutput([typed[i] ?? {}], [answers[i]]).kind === 'accepted',
}

const nsPerRequest: Record<string, number[]> = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
for (let round = -2; round < rounds; round++) {
  for (const [side, run] of Object.entries(sides)) {
    let accepted = 0
    const before = process.cpuUsage()
    for (let i = 0; i < requests; i++) if (run(i % texts.length)) accepted++
    const { user, system } = process.cpuUsage(before)
    if (accepted !== requests) throw new Error(`${side} accepts ${accepted} of ${requests}.`)
    // The first two rounds only warm up.
    if (round >= 0) nsPerRequest[side]?.push(((user + system) * 1000) / requests)
  }
}
process.stdout.write(JSON.stringify({ nsPerRequest, clauses: guard.plan.clauses.length, bytes: texts[0]?.length ?? 0 }))
