import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { nodeHost } from '../host/node-host.ts'
import { openLedger } from './ledger.ts'

/** About one in sixteen leaves half a line behind. */
const KILLS = Number(process.env['PLUMB_LEDGER_KILLS'] ?? 80)
const program = (name: string): string => fileURLToPath(new URL(`../../test/${name}`, import.meta.url))

type Writer = { readonly child: ChildProcess; readonly printed: Promise<string>; readonly appending: Promise<unknown> }

function startWriter(directory: string, name: string, ...rest: string[]): Writer {
  const args = [
    '--import',
    program('run-from-sources.ts'),
    program('append-until-killed.ts'),
    join(directory, 'ledger'),
    name,
    ...rest,
  ]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(directory, 'compiled') },
  })
  const chunks: string[] = []
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  // A writer that fails ends without printing an acknowledgement; its end must not be waited for in vain.
  const appending = Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  return { child, appending, printed: once(child, 'close').then(() => chunks.join('')) }
}

test(`${KILLS} kills at random times with two writers: every acknowledged record is found and the chain is whole`, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'plumb-kill-'))
  try {
    // One that ends by itself fills the cache of compiled programs, which a killed one does not; it counts like the others.
    const outputs = [await startWriter(directory, 'first', '3').printed]
    const writers = [startWriter(directory, 'a'), startWriter(directory, 'b')]
    let seed = 20261122
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647
    for (let kill = 0; kill < KILLS; kill++) {
      // In turn, each writer is killed somewhere in its stream of appends, while the other one is at work.
      const at = kill % 2
      const victim = writers[at]
      if (victim === undefined) throw new Error('no writer')
      await victim.appending
      await new Promise((wake) => setTimeout(wake, random() * 30))
      victim.child.kill('SIGKILL')
      outputs.push(await victim.printed)
      writers[at] = startWriter(directory, at === 0 ? 'a' : 'b')
    }
    for (const { child, printed } of writers) {
      child.kill('SIGKILL')
      outputs.push(await printed)
    }

    const ledger = openLedger(nodeHost(), join(directory, 'ledger'))
    expect(outputs.filter((output) => output.includes('failed'))).toEqual([])
    // The last kill may have left an unfinished line; the next writer deals with it.
    expect((await ledger.append([{ kind: 'end' }])).ok).toBe(true)
    expect(await ledger.verify()).toMatchObject({ kind: 'ok' })
    const records = await ledger.select()
    const present = new Map(records.ok ? records.value.map(({ seq, digest }) => [String(seq), String(digest)]) : [])
    // Only whole lines: the kill may also have cut the last line on the pipe.
    const acknowledged = outputs.flatMap((output) =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(' ')),
    )
    expect(acknowledged.filter(([seq = '', digest]) => present.get(seq) !== digest)).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(KILLS)
    expect(new Set(acknowledged.map(([seq]) => seq)).size).toBe(acknowledged.length)
    const torn = (await readdir(join(directory, 'ledger'))).filter((name) => name.endsWith('.torn')).length
    console.log(`${acknowledged.length} acknowledged of ${present.size} records, ${torn} unfinished lines moved aside`)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
