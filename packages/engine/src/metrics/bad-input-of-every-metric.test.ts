import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Aggregate, aggregates, compile, type Program, type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runModelStage } from '../model-stage/run-model-stage.ts'

// Every metric of two classes, of several, of a ranking and of a regression, on rows that define none: asked for anything above its least value, it
// must not be satisfied by nothing, nor end in anything but a verdict with a reason.

const SITUATIONS = {
  empty: { more: ', slices: [nobody]' },
  'one class only': { label: 'never' },
  'the other class only': { label: 'always' },
  'constant scores': { score: 'flat' },
  'constant scores and one class': { label: 'never', score: 'flat' },
  'weights of zero': { more: ', weights: zero' },
  'negative weights': { more: ', weights: minus' },
  'missing weights': { more: ', weights: gaps' },
  'missing scores': { score: 'holes' },
} as const
type Situation = keyof typeof SITUATIONS
interface Asked {
  readonly label?: string
  readonly score?: string
  readonly more?: string
}

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-every-metric-'))
  const rows = Array.from({ length: 200 }, (_, i) => {
    const share = i / 200
    const classes = ['a', 'b', 'c'] as const
    return [
      i,
      i / 10,
      5,
      i % 3 === 0,
      true,
      false,
      i % 20,
      share,
      0.5,
      i % 7 === 0 ? '' : share,
      0,
      -1,
      i % 5 === 0 ? '' : 1,
      classes[i % 3],
      'a',
      classes[i % 2],
      'b',
      i % 7 === 0 ? '' : 'a',
    ].join(',')
  })
  const head =
    'x,amount,same,late,always,never,query,score,flat,holes,zero,minus,gaps,kind,kind_a,answer,answer_b,answer_holes'
  await writeFile(join(root, 'rows.csv'), `${head}\n${rows.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

const KINDS = '[a, b, c]'
const COLUMNS = `
      x: { type: integer }
      amount: { type: number }
      same: { type: number }
      late: { type: boolean }
      always: { type: boolean }
      never: { type: boolean }
      query: { type: integer }
      score: { type: number }
      flat: { type: number }
      holes: { type: number, optional: true }
      zero: { type: number }
      minus: { type: number }
      gaps: { type: number, optional: true }
      kind: { type: category, values: ${KINDS} }
      kind_a: { type: category, values: ${KINDS} }
      answer: { type: category, values: ${KINDS} }
      answer_b: { type: category, values: ${KINDS} }
      answer_holes: { type: category, values: ${KINDS}, optional: true }`

/** How the model of each task is declared, given the columns that stand for its score and label. */
const TASKS = {
  'binary-classification': ({ label = 'late', score = 'score' }: Asked) => `
    artifact: { column: ${score} }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.4
    label: ${label}`,
  regression: ({ label = 'late', score = 'score' }: Asked) => `
    artifact: { column: ${score} }
    outputs: { estimate: { type: number } }
    label: ${label === 'late' ? 'amount' : 'same'}`,
  'multiclass-classification': ({ label = 'late', score = 'score' }: Asked) => `
    artifact: { column: ${score === 'score' ? 'answer' : score === 'flat' ? 'answer_b' : 'answer_holes'} }
    outputs:
      said: { type: category, values: ${KINDS} }
      p_a: { type: number, range: [0, 1], class: a, tensor: ${score} }
      p_b: { type: number, range: [0, 1], class: b, tensor: flat }
      p_c: { type: number, range: [0, 1], class: c, tensor: flat }
    label: ${label === 'late' ? 'kind' : 'kind_a'}`,
} as const
type Task = keyof typeof TASKS

/** The clause of a metric, asked for anything above its least value; undefined where an argument cannot be made up. */
function callOf(name: string, { args, range }: Aggregate): string | undefined {
  const made: Readonly<Record<string, string>> = { column: 'query', class: "'a'", value: 'VALUE' }
  const given = args.map((kind) => made[kind])
  if (given.includes(undefined)) return undefined
  const low = range?.[0] ?? Number.NEGATIVE_INFINITY
  return `${name}(${given.join(', ')}) >= ${Number.isFinite(low) ? low + 1e-9 : '-1000000.0'}`
}

/** A spec that asks these of the rows, each as a clause of its own. */
function specOf(task: Task, musts: readonly string[], situation: Situation): string {
  const asked: Asked = SITUATIONS[situation]
  return `plumbline: 1
system: { name: odd, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:${COLUMNS}
slices: { nobody: x < 0 }
models:
  champion:
    task: ${task}
    input: { from: rows, columns: [x] }${TASKS[task](asked)}
clauses:
${musts.map((must, i) => `  it-${i}: { of: champion, must: "${must}"${asked.more ?? ''} }`).join('\n')}
`
}

/** The program that asks these, or why there is none. */
function programOf(task: Task, musts: readonly string[], situation: Situation): Program | string {
  const text = specOf(task, musts, situation)
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  return value ?? diagnostics.map(({ code }) => code).find((code) => code.startsWith('expr/')) ?? text
}

/** What is said of each: one program for all of them, so that what one of them cannot be told of would show at its neighbours. */
async function decideAll(task: Task, musts: readonly string[], situation: Situation) {
  const program = programOf(task, musts, situation)
  if (typeof program === 'string') throw new Error(program)
  const digest = 'column:score'
  const said = new Map<string, Statement>()
  for await (const statement of runModelStage({
    program,
    root,
    toolVersion: '0',
    versions: { candidate: digest, others: {} },
    files: new Map([[digest, { path: '', digest, identity: '{}' }]]),
    session: { threads: 1 },
  })) {
    const must = /^it-\d+$/.test(statement.clause) ? musts[Number(statement.clause.slice(3))] : undefined
    if (must !== undefined) said.set(must, statement)
  }
  return said
}

/** Metrics of what a model of this task answers, with the values that their arguments may take. */
function metricsOf(task: Task): readonly string[] {
  const asked = Object.entries(aggregates).filter(
    ([, { needs }]) =>
      needs !== undefined && !['reference', 'timing', 'model', 'columns', 'boxes', 'texts'].includes(needs),
  )
  return asked.flatMap(([name, row]) => {
    const call = callOf(name, row)
    const tried = call === undefined ? [] : [call.replaceAll('VALUE', '0.1'), call.replaceAll('VALUE', '2')]
    const fits = tried.find((must) => typeof programOf(task, [must], 'constant scores') !== 'string')
    return fits === undefined ? [] : [fits]
  })
}

const reasonOf = (statement: Statement): string =>
  'reason' in statement ? `${statement.verdict}: ${statement.reason}` : statement.verdict

describe.each(Object.keys(TASKS) as readonly Task[])('every metric of %s', (task) => {
  it('has a verdict for each of the situations, and none is satisfied by nothing', async () => {
    const metrics = metricsOf(task)
    expect(metrics.length).toBeGreaterThan(10)
    const wrong: string[] = []
    for (const situation of Object.keys(SITUATIONS) as readonly Situation[]) {
      const refused = new Map(metrics.map((must) => [must, programOf(task, [must], situation)]))
      // Of a ranking nothing is weighted, and `check` says so.
      for (const [must, found] of refused)
        if (typeof found === 'string' && found !== 'expr/not-weighted') wrong.push(`${must}, ${situation}: ${found}`)
      const askable = metrics.filter((must) => typeof refused.get(must) !== 'string')
      const decided = await decideAll(task, askable, situation)
      expect([...decided.keys()].toSorted()).toEqual(askable.toSorted())
      for (const [must, found] of decided) {
        const said = reasonOf(found)
        const allowed = ALLOWED[situation]
        if (!allowed.includes(said)) wrong.push(`${must}, ${situation}: ${said}`)
        const measured = 'measured' in found ? found.measured : null
        if (found.verdict === 'satisfied' && (typeof measured !== 'number' || Number.isNaN(measured)))
          wrong.push(`${must}, ${situation}: satisfied by ${String(measured)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

const DECIDED = ['satisfied', 'violated', 'inconclusive: interval-straddles-bound']
/** What may be said: where a metric is defined all the same it is decided by its number. */
const UNDEFINED = ['inconclusive: undefined-metric', 'inconclusive: too-few-rows', 'inconclusive: no-variation']
const ALLOWED: Readonly<Record<Situation, readonly string[]>> = {
  empty: ['inconclusive: empty-relation', 'inconclusive: empty-slice'],
  'one class only': [...DECIDED, ...UNDEFINED],
  'the other class only': [...DECIDED, ...UNDEFINED],
  'constant scores': [...DECIDED, ...UNDEFINED],
  'constant scores and one class': [...DECIDED, ...UNDEFINED],
  'weights of zero': ['inconclusive: undefined-metric'],
  'negative weights': ['error: evaluation-failed'],
  'missing weights': ['error: evaluation-failed'],
  // A class that is missing is no number that is none: it is no class.
  'missing scores': ['error: prediction-not-finite', 'error: model-mismatch'],
}
