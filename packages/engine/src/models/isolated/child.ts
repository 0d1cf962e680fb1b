/** The process with a model in it, started by `start-child.ts`. It answers one question at a time. */
import { Worker } from 'node:worker_threads'
import { type OnnxSession, openSession } from '../onnx-session.ts'
import { failure, success } from '../outcome.ts'
import type { Answer, Question } from './messages.ts'

// While the runtime works nothing else runs here, so a thread looks whether somebody still waits.
const ORPHANED = `const parent = process.ppid
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL') }, 1000)`
new Worker(ORPHANED, { eval: true }).unref()

let session: OnnxSession | undefined

async function answer(question: Question): Promise<Answer> {
  if (question.kind === 'load') {
    const opened = await openSession(question.bytes, question.options)
    if (!opened.ok) return { kind: 'loaded', loaded: opened }
    session = opened.value
    const { signature, runtimeVersion } = session
    return { kind: 'loaded', loaded: success({ signature, runtimeVersion }) }
  }
  const ran = await session?.call(question.feeds, question.tensors, undefined)
  if (ran === undefined)
    return { kind: 'answered', answered: failure('engine/model-run-failed', 'No model is loaded.') }
  return { kind: 'answered', answered: ran.ok ? success(ran.value.results) : ran }
}

process.on('message', (question: Question) => {
  void answer(question).then((said) => process.send?.(said))
})
process.on('disconnect', () => process.exit(0))
