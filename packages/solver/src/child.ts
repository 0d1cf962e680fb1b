/** The process with z3 in it. Started by `start-child.ts` with the memory that it may take, in megabytes, as its argument. */
import { setFlagsFromString } from 'node:v8'
import type { ChildMessage, ChildQuestion } from './messages.ts'
import { OUT_OF_MEMORY } from './messages.ts'

const megabytes = Number(process.argv[2])
/** A child above half of its memory between two questions makes way for a fresh one. */
const GROWN = 0.5
const LOOK_MS = 50

const say = (message: ChildMessage): void => void process.send?.(message)
const residentMegabytes = (): number => process.memoryUsage.rss() / 2 ** 20

// z3 has 35 MB of code, most of which no question reaches: V8 is to validate a function when it is first called. Set here, and
// not when the process is started, for a V8 without the flag then goes on without it.
setFlagsFromString('--wasm-lazy-validation')

async function load(): Promise<typeof import('z3-solver') | undefined> {
  try {
    return await import('z3-solver')
  } catch (thrown) {
    say({ kind: 'not-installed', detail: thrown instanceof Error ? thrown.message : String(thrown) })
    return undefined
  }
}

/** What of the compiled module is used beyond the wrapper. */
interface Emscripten {
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(at: number): void
  _async_Z3_eval_smtlib2_string(context: unknown, text: number): void
  async_call(fn: (context: unknown, text: number) => void, context: unknown, text: number): Promise<string>
}

/**
 * Evaluates SMT-LIB. The wrapper's own `eval_smtlib2_string` puts the text on a stack that is taken down before the thread
 * has read it: now and then z3 then reads something else. Here it lies on the heap until the answer has come.
 */
async function evaluate(em: Emscripten, context: unknown, text: string): Promise<string> {
  const { _malloc: allocate, _free: release, _async_Z3_eval_smtlib2_string: start } = em
  const bytes = new TextEncoder().encode(`${text}\0`)
  const at = allocate(bytes.length)
  // Looked up each time: when the memory grows it is another array.
  em.HEAPU8.set(bytes, at)
  try {
    return await em.async_call(start, context, at)
  } finally {
    release(at)
  }
}

async function serve(z3: typeof import('z3-solver')): Promise<void> {
  const { Z3, em } = await z3.init()
  const config = Z3.mk_config()
  let context = Z3.mk_context(config)
  // A long question runs on a thread of its own, so this look is never late by much.
  setInterval(() => {
    if (residentMegabytes() > megabytes) process.exit(OUT_OF_MEMORY)
  }, LOOK_MS).unref()
  const run = (text: string): Promise<string> => evaluate(em as Emscripten, context, text)
  const answer = async ({ script, cores, read, minimize, milliseconds, steps }: ChildQuestion) => {
    // Steps are counted for as long as a context lives, also across `reset`.
    if (steps !== undefined) {
      Z3.del_context(context)
      context = Z3.mk_context(config)
    }
    const limit = steps === undefined ? '' : `(set-option :rlimit ${steps})`
    const wanted = cores ? '(set-option :produce-unsat-cores true)' : ''
    const options = `(reset)(set-option :timeout ${milliseconds})${limit}${wanted}`
    const goal = minimize === undefined ? '' : `(minimize ${minimize})`
    const verdict = await run(`${options}(set-logic ALL)(push 1)\n${script}\n${goal}(check-sat)`)
    if (verdict.trim() === 'sat')
      return { verdict, more: read.length === 0 ? '()' : await run(`(get-value (${read.join(' ')}))`) }
    if (verdict.trim() === 'unsat') return { verdict, more: cores ? await run('(get-unsat-core)') : '()' }
    return { verdict, more: await run('(get-info :reason-unknown)') }
  }
  let before: Promise<void> = Promise.resolve()
  process.on('message', (question: ChildQuestion) => {
    before = before.then(async () => {
      const answered = await answer(question)
      const last = residentMegabytes() > GROWN * megabytes
      process.send?.({ kind: 'answer', id: question.id, ...answered, last } satisfies ChildMessage, () => {
        if (last) process.exit(0)
      })
    })
  })
  say({ kind: 'ready' })
}

process.on('disconnect', () => process.exit(0))
const z3 = await load()
if (z3 !== undefined) await serve(z3)
