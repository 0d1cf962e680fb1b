import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  columnsOf,
  createEvaluator,
  type EveryClause,
  guardModule,
  guardPlan,
  isError,
  type ProgramColumn,
  stats,
  type Value,
} from '@plumbline/core'
import { createGuard, type GuardRules, type RowVerdict, type Violation } from '@plumbline/guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchVerdicts } from './batch.ts'
import { generate, type Generated } from './requests.ts'
import { program as specOf } from './spec.ts'

const ROWS = Number(process.env['PLUMB_GUARD_ROWS'] ?? 100_000)
const CHUNK = 10_000
/** One request in ten comes before the time that a clause asks for. */
const atOf = (i: number): bigint => (i % 10 === 0 ? 1_500_000_000_000_000n : 1_700_000_000_000_000n)
const program = specOf()
const evaluator = createEvaluator()
type Row = ReadonlyMap<string, Value | null>

const champion = program.models.find(({ name }) => name === 'champion')
const people = program.datasets[0]
if (champion === undefined || people === undefined) throw new Error('The spec lost its champion.')
const inputs = new Set([...people.key, ...champion.input])
/** Every clause on requests, straight from the program: what the guard has to agree with. */
const clauses = program.clauses.filter(
  (clause): clause is EveryClause => clause.form === 'every' && clause.of.some((t) => t.relation === 'requests'),
)
const readsLabel = (clause: EveryClause): boolean =>
  clause.condition.kind === 'expr' && columnsOf(clause.condition.expr).has('default')
const asked = clauses.filter((clause) => clause.condition.kind === 'expr' && !readsLabel(clause))

/** Clause and slice of every instance that the reference evaluator finds violated on a row, and those it counts. */
function reference(row: Row): { violated: Set<string>; counted: Set<string> } {
  const violated = new Set<string>()
  const counted = new Set<string>()
  for (const clause of asked) {
    if (clause.condition.kind !== 'expr') continue
    const outcome = evaluator.evaluate(clause.condition.expr, { row })
    const missing = isError(outcome) && outcome.error === 'missing'
    for (const slice of clause.slices) {
      if (slice.condition !== null && evaluator.evaluate(slice.condition, { row }) !== true) continue
      if (missing && clause.missing === 'exclude') continue
      counted.add(`${clause.id} ${slice.name}`)
      if (outcome !== true && !(missing && clause.missing === 'pass')) violated.add(`${clause.id} ${slice.name}`)
    }
  }
  return { violated, counted }
}

const ofInputs = new Set(
  asked.filter(({ condition, slices }) =>
    [condition.kind === 'expr' ? condition.expr : [], ...slices.map((slice) => slice.condition ?? [])]
      .flat()
      .every((e) => [...columnsOf(e)].every((name) => inputs.has(name))),
  ),
)
const isEnforced = (clause: EveryClause): boolean => clause.severity === 'block' && clause.mostly === '1'

/** The clause violations expected of one phase and effect. */
function expected(violated: ReadonlySet<string>, input: boolean, enforced: boolean): readonly string[] {
  return asked
    .filter((clause) => ofInputs.has(clause) === input && isEnforced(clause) === enforced)
    .filter((clause) => clause.slices.some((slice) => violated.has(`${clause.id} ${slice.name}`)))
    .map(({ id }) => id)
    .toSorted()
}

const ids = (violations: readonly Violation[]): readonly string[] =>
  violations.flatMap((v) => (v.kind === 'clause' ? [v.clause] : [])).toSorted()
const typed = (verdict: RowVerdict): readonly string[] =>
  [...verdict.enforced, ...verdict.flagged, ...verdict.refused]
    .flatMap((v) => (v.kind === 'type' ? [v.column] : []))
    .toSorted()
const refused = (verdict: RowVerdict, kind: Violation['kind']): readonly string[] =>
  verdict.refused
    .flatMap((v) => (v.kind !== kind ? [] : v.kind === 'unknown-field' ? [v.field] : 'column' in v ? [v.column] : []))
    .toSorted()

/** A row of the guard as the reference reads one. */
function valuesOf(
  row: Readonly<Record<string, unknown>>,
  columns: readonly ProgramColumn[],
): Map<string, Value | null> {
  return new Map(
    columns.map(({ name, type }): [string, Value | null] => {
      const cell = (row[name] ?? null) as Value | null
      if (cell === null || type.kind === 'double') return [name, cell]
      if (type.kind === 'timestamp') return [name, { timestamp: BigInt(cell as number) }]
      return [name, type.kind === 'int' ? BigInt(cell as number) : cell]
    }),
  )
}

let root = ''
let rules: GuardRules
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-guard-'))
  const planned = guardPlan(program)
  if (planned === undefined) throw new Error('no plan')
  rules = (await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(guardModule(planned))}`
  )) as GuardRules
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the verdict on a request is the batch verdict on its row', () => {
  it(`on ${ROWS} generated requests, every clause`, async () => {
    const guard = createGuard(rules)
    expect(guard.plan.notEnforced.map(({ id }) => id)).toEqual(['labelled', 'ranks'])
    expect(guard.plan.clauses.map(({ id }) => id).toSorted()).toEqual(
      clauses
        .filter((c) => !readsLabel(c))
        .map(({ id }) => id)
        .toSorted(),
    )
    const inputColumns = people.columns.filter(({ name }) => inputs.has(name))
    const random = stats.createRandom('guard', 'requests')
    const logged: Map<string, Value | null>[] = []
    const [violatedOf, countedOf] = [createTally(), createTally()]
    const seen = new Map<string, number>()
    let rejected = 0
    for (let i = 0; i < ROWS; i++) {
      const request = generate(random, i)
      const input = guard.judgeInput(request.raw)
      const context = (): string => `row ${i}: ${describeRow(request)}`
      if (input.row === undefined) throw new Error(context())
      const output = guard.judgeOutput(input.row, request.outputs, { at: atOf(i) })
      if (output.row === undefined) throw new Error(context())

      // The row as it was read is what was sent, as the generator says.
      const row = new Map([...valuesOf(input.row, inputColumns), ...valuesOf(output.row, champion.outputs)])
      for (const [name, cell] of request.cells)
        if (!same(row.get(name) ?? null, cell)) expect.fail(`${context()} ${name}`)
      const decided = evaluator.evaluate(champion.decision?.expr ?? expect.fail(), { row })
      row.set('decision', isError(decided) ? null : decided)
      expectSame(context, output.row['decision'] ?? null, row.get('decision'))
      row.set('_at', { timestamp: atOf(i) })

      const { violated, counted } = reference(row)
      for (const [verdict, phase] of [
        [input, true],
        [output, false],
      ] as const) {
        expectSame(context, ids(verdict.enforced), expected(violated, phase, true))
        expectSame(context, ids(verdict.flagged), expected(violated, phase, false))
      }
      for (const violation of [...input.enforced, ...input.flagged, ...output.enforced, ...output.flagged]) {
        if (violation.kind !== 'clause') continue
        for (const slice of violation.slices ?? ['all'])
          if (!violated.has(`${violation.clause} ${slice}`)) expect.fail(`${context()} ${violation.clause} ${slice}`)
        seen.set(violation.clause, (seen.get(violation.clause) ?? 0) + 1)
      }
      const isOutput = (name: string): boolean => name === 'risk' || name === 'band'
      expectSame(context, typed(input), request.wrong.filter((n) => !isOutput(n)).toSorted())
      expectSame(context, typed(output), request.wrong.filter(isOutput).toSorted())
      expectSame(context, refused(input, 'unsafe-integer'), request.unsafe.filter((n) => !isOutput(n)).toSorted())
      expectSame(context, refused(output, 'unsafe-integer'), request.unsafe.filter(isOutput).toSorted())
      expectSame(context, refused(input, 'unknown-field'), request.unknown)
      const verdict = guard.checkInput([request.raw])
      expectSame(context, verdict.kind === 'rejected', input.refused.length + input.enforced.length > 0)
      if (verdict.kind === 'rejected') rejected++
      logged.push(row)
      violatedOf.add(i, violated)
      countedOf.add(i, counted)
    }
    // Neither all nor none: every clause bites, and a good part of the requests passes.
    for (const clause of asked) expect(seen.get(clause.id) ?? 0, clause.id).toBeGreaterThan(0)
    expect(rejected / ROWS).toBeGreaterThan(0.2)
    expect(rejected / ROWS).toBeLessThan(0.85)

    const flag: Pick<ProgramColumn, 'optional' | 'protected'> = { optional: true, protected: false }
    const logColumns: readonly ProgramColumn[] = [
      ...inputColumns,
      ...champion.outputs,
      { name: 'decision', columnType: 'boolean', type: { kind: 'bool' }, ...flag },
      { name: '_at', columnType: 'timestamp', type: { kind: 'timestamp' }, ...flag },
    ]
    const columns = logColumns.map(({ role: _role, ...column }): ProgramColumn => column)
    const chunks = Array.from({ length: Math.ceil(ROWS / CHUNK) }, (_, i) => logged.slice(i * CHUNK, (i + 1) * CHUNK))
    const statements = await batchVerdicts(root, program, columns, asked, chunks)
    let compared = 0
    for (const [key, statement] of statements) {
      const [relation = '', ...rest] = key.split(' ')
      const instance = rest.join(' ')
      const chunk = Number(relation.slice(3))
      expect(statement, key).toMatchObject({
        n: countedOf.of(chunk, instance),
        failing: violatedOf.of(chunk, instance),
      })
      compared++
    }
    expect(compared).toBe(chunks.length * asked.reduce((n, clause) => n + clause.slices.length, 0))
  })
})

/** How many rows of each chunk an instance holds. */
function createTally() {
  const counts = new Map<string, number>()
  return {
    add(row: number, instances: ReadonlySet<string>): void {
      const chunk = Math.floor(row / CHUNK)
      for (const each of instances) counts.set(`${chunk} ${each}`, (counts.get(`${chunk} ${each}`) ?? 0) + 1)
    },
    of: (chunk: number, instance: string): number => counts.get(`${chunk} ${instance}`) ?? 0,
  }
}

const same = (a: Value | null, b: Value | null): boolean =>
  typeof a === 'object' && typeof b === 'object' && a !== null && b !== null
    ? (a as { timestamp: bigint }).timestamp === (b as { timestamp: bigint }).timestamp
    : Object.is(a, b)

/** `expect` for each of a million comparisons would be most of the time. */
function expectSame(context: () => string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, context()).toEqual(wanted)
}

function describeRow({ raw, outputs }: Generated): string {
  const show = (_: string, v: unknown): unknown =>
    typeof v === 'bigint' ? `${v}n` : typeof v === 'number' || typeof v === 'symbol' ? String(v) : v
  return JSON.stringify([raw, outputs], show)
}
