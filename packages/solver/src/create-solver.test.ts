import { afterEach, expect, it } from 'vitest'
import type { SmtQuery } from '@plumbline/core/deep'
import { createSolver, type ProcessSolver } from './create-solver.ts'
import { OUT_OF_MEMORY } from './messages.ts'
import type { StartChild } from './start-child.ts'

const open: ProcessSolver[] = []
const solverWith = (options: Parameters<typeof createSolver>[0] = {}): ProcessSolver => {
  const made = createSolver(options)
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((solver) => solver.close()))
})

const query = (script: string, rest: Partial<SmtQuery> = {}): SmtQuery => ({ script, named: [], read: [], ...rest })
/** On a busy machine even these take their time. */
const PATIENT = { milliseconds: 20_000 }
/** Sums of three cubes: z3 looks for one for longer than anybody waits. */
const HARD = query(
  '(declare-fun x () Int)(declare-fun y () Int)(declare-fun z () Int)(assert (= (+ (* x x x) (* y y y) (* z z z)) 114))',
)

it('gives values, cores and least values, one question after the other', async () => {
  const solver = solverWith()
  const [values, core, least] = await Promise.all([
    solver.check(
      query('(declare-fun x () Int)(declare-fun s () String)(assert (= x (- 7)))(assert (= s "a ""b"""))', {
        read: ['x', 's'],
      }),
      PATIENT,
    ),
    solver.check(
      query(
        '(declare-fun x () Real)(assert (! (> x 1.0) :named a0))(assert (! (< x 9.0) :named a1))(assert (! (< x 0.5) :named a2))',
        { named: ['a0', 'a1', 'a2'] },
      ),
      PATIENT,
    ),
    solver.check(query('(declare-fun x () Real)(assert (>= x 1.5))', { read: ['x'], minimize: 'x' }), PATIENT),
  ])
  expect(values).toEqual({ kind: 'sat', values: ['(- 7)', '"a ""b"""'] })
  expect(core.kind === 'unsat' && [...core.core].sort()).toEqual(['a0', 'a2'])
  expect(least).toEqual({ kind: 'sat', values: ['(/ 3.0 2.0)'] })
})

it('many long questions arrive as they were sent', async () => {
  const solver = solverWith()
  const long = Array.from({ length: 400 }, (_, i) => `(declare-fun x${i} () Int)(assert (= x${i} ${i}))`).join('\n')
  for (let i = 0; i < 40; i++) {
    const answer = await solver.check(query(`${long}(declare-fun y () Int)(assert (= y ${i}))`, { read: ['y'] }), {
      milliseconds: 20_000,
    })
    expect(answer).toEqual({ kind: 'sat', values: [String(i)] })
  }
})

it('what is no SMT-LIB is no answer, and spoils no later one', async () => {
  const solver = solverWith()
  const bad = await solver.check(query('(assert (unheard-of))'), PATIENT)
  expect(bad).toMatchObject({ kind: 'unknown', reason: 'crashed' })
  expect(await solver.check(query('(assert true)'), PATIENT)).toEqual({ kind: 'sat', values: [] })
})

it('stops in time, and answers the next question', async () => {
  const solver = solverWith()
  expect(await solver.check(HARD, { milliseconds: 200 })).toMatchObject({ kind: 'unknown', reason: 'timeout' })
  expect(await solver.check(query('(assert false)'), PATIENT)).toEqual({ kind: 'unsat', core: [] })
})

it('stops after so many steps of its own, and counts them anew for the next question', async () => {
  const solver = solverWith()
  const easy = query('(declare-fun x () Int)(assert (> x 5))')
  expect(await solver.check(HARD, { milliseconds: 60_000, steps: 30_000 })).toMatchObject({ kind: 'unknown' })
  for (let i = 0; i < 3; i++)
    expect(await solver.check(easy, { milliseconds: 60_000, steps: 30_000 })).toMatchObject({ kind: 'sat' })
})

it('a withdrawn question ends the process; the next one gets a new one', async () => {
  const solver = solverWith()
  await solver.check(query('(assert true)'), PATIENT)
  const withdrawn = new AbortController()
  const answer = solver.check(HARD, { milliseconds: 60_000, signal: withdrawn.signal })
  setImmediate(() => withdrawn.abort())
  expect(await answer).toMatchObject({ kind: 'unknown', reason: 'interrupted' })
  expect(await solver.check(query('(assert true)'), PATIENT)).toEqual({ kind: 'sat', values: [] })
})

it('a process that outgrows its memory is ended', async () => {
  const solver = solverWith({ megabytes: 40 })
  expect(await solver.check(HARD, { milliseconds: 60_000 })).toMatchObject({ kind: 'unknown', reason: 'memory' })
})

it('says that z3 is not installed, and each process that ends without an answer', async () => {
  const ending =
    (exitCode: number | null): StartChild =>
    (_, say, end) => {
      queueMicrotask(() => say({ kind: 'ready' }))
      return { ask: () => queueMicrotask(() => end(exitCode)), kill: () => end(null) }
    }
  const missing: StartChild = (_, say, end) => {
    queueMicrotask(() => say({ kind: 'not-installed', detail: "Cannot find package 'z3-solver'" }))
    return { ask: () => undefined, kill: () => end(null) }
  }
  const reasonOf = async (start: StartChild) =>
    solverWith({ startChild: start })
      .check(query(''), PATIENT)
      .then((answer) => answer.kind === 'unknown' && answer.reason)
  expect(await reasonOf(missing)).toBe('not-installed')
  expect(await reasonOf(ending(1))).toBe('crashed')
  expect(await reasonOf(ending(OUT_OF_MEMORY))).toBe('memory')
  expect(
    await reasonOf((_, __, end) => (queueMicrotask(() => end(1)), { ask: () => undefined, kill: () => undefined })),
  ).toBe('crashed')
})

it('a process that does not answer at all is ended after its time', async () => {
  let killed = 0
  const silent: StartChild = (_, say, end) => {
    queueMicrotask(() => say({ kind: 'ready' }))
    return { ask: () => undefined, kill: () => (killed++, queueMicrotask(() => end(null))) }
  }
  expect(await solverWith({ startChild: silent }).check(query(''), { milliseconds: 10 })).toMatchObject({
    reason: 'timeout',
  })
  expect(killed).toBe(1)
})

it('loading says whether questions will be taken; what is not installed is looked for once', async () => {
  let started = 0
  const missing: StartChild = (_, say, end) => {
    started++
    queueMicrotask(() => say({ kind: 'not-installed', detail: 'no z3-solver' }))
    return { ask: () => undefined, kill: () => queueMicrotask(() => end(null)) }
  }
  const solver = solverWith({ startChild: missing })
  expect(await solver.load()).toMatchObject({ reason: 'not-installed' })
  expect(await solver.check(query(''), PATIENT)).toMatchObject({ reason: 'not-installed' })
  expect(started).toBe(1)
  const installed = solverWith()
  expect(await installed.load()).toBeUndefined()
  expect(await installed.check(query(''), PATIENT)).toMatchObject({ kind: 'sat' })
})
