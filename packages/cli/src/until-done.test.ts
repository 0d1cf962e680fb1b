import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const FILE = new URL('until-done.ts', import.meta.url).href

/** Runs a command, given as an expression, in a process of its own; `said`: a signal is sent when it has spoken. */
async function run(command: string, said?: NodeJS.Signals): Promise<{ readonly code: unknown; readonly err: string }> {
  const script = `import { untilDone } from ${JSON.stringify(FILE)}; await 0; void untilDone(${command})`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  if (said !== undefined) child.stdout.once('data', () => child.kill(said))
  const [code] = await once(child, 'close')
  return { code, err }
}

test('a command that waits for what never comes is a failure, not a success', async () => {
  const { code, err } = await run('() => new Promise(() => {})')
  expect(code).toBe(4)
  expect(err).toContain('nothing is left to wait for')
})

test('the exit code is what the command says, and a crash is told', async () => {
  expect(await run('async () => 3')).toEqual({ code: 3, err: '' })
  const crashed = await run('async () => { throw new Error("no such luck") }')
  expect(crashed).toMatchObject({ code: 4, err: expect.stringContaining('no such luck') })
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s aborts the command and is named', async (signal) => {
  const waiting = `(signal) => new Promise((end) => {
    const alive = setInterval(() => {}, 1_000)
    signal.addEventListener('abort', () => { clearInterval(alive); console.error(signal.reason); end(130) })
    console.log('ready')
  })`
  expect(await run(waiting, signal)).toEqual({ code: 130, err: `${signal}\n` })
})
