import { afterEach, expect, it } from 'vitest'
import type { RunningProgram } from '@plumbline/core'
import { nodeHost } from './node-host.ts'

const host = nodeHost()
const running: RunningProgram[] = []
afterEach(() => Promise.all(running.splice(0).map((program) => program.stop(0))))

async function start(code: string): Promise<RunningProgram> {
  const started = await host.start({ command: ['node', '-e', code], cwd: '.' })
  if (!started.ok) throw new Error(started.error.message)
  running.push(started.value)
  return started.value
}

const textOf = async (output: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const part of output) parts.push(part)
  return Buffer.concat(parts).toString()
}

it('talks to a program until it is stopped', async () => {
  const program = await start('process.stdin.pipe(process.stdout)')
  expect(await program.write('hello\n')).toEqual({ ok: true, value: undefined })
  const said = textOf(program.output)
  await program.stop()
  expect(await said).toBe('hello\n')
  expect(await program.ended).toEqual({ exitCode: 0, signal: null })
})

it('keeps what a program complains about, and how it ended', async () => {
  const program = await start('console.error("oh no"); process.exit(3)')
  expect(await program.ended).toEqual({ exitCode: 3, signal: null })
  expect(program.complaints()).toBe('oh no\n')
  expect(await program.write('hello\n')).toMatchObject({ ok: false, error: { operation: 'write' } })
})

it('forces a program that does not end, and what it started', async () => {
  const program = await start('process.stdin.resume(); setInterval(() => {}, 1000); process.on("SIGTERM", () => {})')
  await program.stop(10)
  expect(await program.ended).toEqual({ exitCode: null, signal: 'SIGKILL' })
})

it('says that a program is not there', async () => {
  expect(await host.start({ command: ['no-such-program-here'], cwd: '.' })).toMatchObject({
    ok: false,
    error: { kind: 'not-found', operation: 'start' },
  })
})

it('ends though nobody reads what was printed', { timeout: 5_000 }, async () => {
  const program = await start('process.stdin.resume(); process.stdout.write("x".repeat(200_000))')
  const chunks = program.output[Symbol.asyncIterator]()
  await chunks.next()
  await program.stop(500)
  // Where its pipe is full it waits for a reader, hears of no end of its input, and is forced.
  expect([null, 'SIGKILL']).toContain((await program.ended).signal)
})

it('ends though a process that it started holds its output open', { timeout: 5_000 }, async () => {
  const program = await start(
    'require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 4000)"], { stdio: "inherit" }); process.stdin.resume().on("end", () => process.exit(0))',
  )
  await program.stop()
  expect(await program.ended).toEqual({ exitCode: 0, signal: null })
})
