// The measured process: both validators over the same rows, in turns. Arguments: passes over the rows per round, rounds.
import { Ajv } from 'ajv'
import { compile } from '@plumbline/core'
import { compileModule } from '../../packages/core/dist/targets/javascript/index.js'
import { CONSTRAINTS, guardSchema, guardSpec, makeRows } from './constraints.ts'

const [passes = 200, rounds = 9] = process.argv.slice(2).map(Number)
const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text: guardSpec() }, others: [] })
if (program === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
const clauses = program.clauses.flatMap((clause) =>
  clause.form === 'every' && clause.origin === 'authored' && clause.condition.kind === 'expr'
    ? [{ id: clause.id, expr: clause.condition.expr }]
    : [],
)
if (clauses.length !== CONSTRAINTS.length)
  throw new Error(`${clauses.length} clauses instead of ${CONSTRAINTS.length}.`)
const text = compileModule(clauses)
const guard = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
  violations(row: object): readonly { readonly id: string }[] | undefined
}
const first = new Ajv().compile(guardSchema())
const all = new Ajv({ allErrors: true }).compile(guardSchema())

/** What is measured: rows on which a side finds nothing wrong, so that the work cannot be left out. */
type Side = (rows: readonly object[]) => number
const sides: Readonly<Record<'ours' | 'ajv' | 'ajvAllErrors', Side>> = {
  ours: (rows) => rows.reduce((n, row) => n + (guard.violations(row) === undefined ? 1 : 0), 0),
  ajv: (rows) => rows.reduce((n, row) => n + (first(row) ? 1 : 0), 0),
  ajvAllErrors: (rows) => rows.reduce((n, row) => n + (all(row) ? 1 : 0), 0),
}

const results: Record<string, { accepted: Record<string, number>; nsPerRow: Record<string, number[]> }> = {}
for (const [name, invalid] of [
  ['valid', 0],
  ['one-in-ten-invalid', 0.1],
] as const) {
  const rows = makeRows(4096, invalid)
  const accepted: Record<string, number> = {}
  const nsPerRow: Record<string, number[]> = { ours: [], ajv: [], ajvAllErrors: [] }
  for (let round = -2; round < rounds; round++) {
    const order = Object.entries(sides)
    // Each round begins with another side; the first two only warm up.
    for (let i = 0; i < order.length; i++) {
      const [side, run] = order[(i + round + 3) % order.length] as [string, Side]
      const before = process.cpuUsage()
      for (let pass = 0; pass < passes; pass++) accepted[side] = run(rows)
      const { user, system } = process.cpuUsage(before)
      if (round >= 0) nsPerRow[side]?.push(((user + system) * 1000) / (passes * rows.length))
    }
  }
  if (new Set(Object.values(accepted)).size !== 1) throw new Error(`The sides disagree: ${JSON.stringify(accepted)}`)
  results[name] = { accepted, nsPerRow }
}
process.stdout.write(JSON.stringify(results))
