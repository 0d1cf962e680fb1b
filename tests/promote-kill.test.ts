import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { digestBytes, stats } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findServer, readBack } from '../packages/cli/src/serving/live-server.ts'
import { plumb, plumbAside, PLUMB } from './support/plumb.ts'
import { ledgerOf, promotionsOf, recordsOf, releasableProject, violate } from './support/released.ts'
import { type Served, served } from './support/serving.ts'

// Promotions and rollbacks killed at random points, in front of a guard that answers meanwhile. PLUMBLINE_KILL_ROUNDS=100
// asks for more of them, PLUMBLINE_KILL_SEED for others.

const ROUNDS = Number(process.env['PLUMBLINE_KILL_ROUNDS'] ?? 4)
const SEED = process.env['PLUMBLINE_KILL_SEED'] ?? 'kill'
const GUARD = 'guard: { output: { on_violation: fallback }, fallback: { model: logistic } }\n'
const host = nodeHost()
let folder: string
let server: Served
beforeAll(async () => {
  folder = releasableProject('promote-kill', GUARD)
  for (const name of ['forest', 'logistic']) plumb(folder, 'test', '--candidate', `models/${name}.onnx`)
  plumb(folder, 'promote', '--candidate', 'models/forest.onnx')
  server = await served(folder, 'guard', '--port', '0')
})
afterAll(() => void server.process.kill('SIGKILL'))

const digestOf = (name: string): string => digestBytes(readFileSync(join(folder, `models/${name}.onnx`)))

/** Bytes of the ledger. */
const written = (): number => {
  const directory = join(folder, '.plumb', 'ledger')
  // The lock beside the segments comes and goes.
  const segments = readdirSync(directory).filter((file) => file.endsWith('.jsonl'))
  return segments.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0)
}

/**
 * Runs a promotion and kills it so many milliseconds after its start, or after the first thing it writes into the ledger;
 * whether it had ended by itself.
 */
function killed(args: readonly string[], afterMs: number, sinceWritten: boolean): Promise<boolean> {
  const before = written()
  const child = spawn(process.execPath, [PLUMB, '-C', folder, ...args], { stdio: 'ignore' })
  const timers: NodeJS.Timeout[] = []
  const aim = (): void => void timers.push(globalThis.setTimeout(() => child.kill('SIGKILL'), afterMs))
  if (sinceWritten) {
    const looking = setInterval(() => {
      if (written() === before) return
      clearInterval(looking)
      aim()
    }, 1)
    timers.push(looking)
  } else aim()
  return new Promise((resolve) =>
    child.once('close', (_code, signal) => {
      for (const timer of timers) clearTimeout(timer)
      resolve(signal === null)
    }),
  )
}

/** The digest of the bytes that answer, hashed here. */
async function loaded(): Promise<string> {
  const live = await findServer(host, folder, 'production')
  const found = live === undefined ? undefined : await readBack(host, live)
  if (found?.ok !== true) throw new Error(found?.why ?? 'The guard is gone.')
  return found.value
}

/** Asks the guard again and again; what was not answered with 200. */
function asking(): { stop(): Promise<{ readonly answered: number; readonly failed: number }> } {
  const stopping = new AbortController()
  let [answered, failed] = [0, 0]
  const body = JSON.stringify({
    inputs: Object.entries({ limit_bal: 50_000, sex: 1, age: 40, pay_0: 0, pay_2: 0, bill_amt1: 1000 }).map(
      ([name, value]) => ({ name, shape: [1], datatype: 'FP64', data: [value] }),
    ),
  })
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const status = await fetch(`${server.ready.url}/v2/models/${server.ready.model}/infer`, {
        method: 'POST',
        body,
      }).then(
        async (response) => {
          await response.arrayBuffer()
          return response.status
        },
        () => 0,
      )
      if (status === 200) answered++
      else failed++
      // A trickle: what is tested is the promotion, which a flood would leave no processor.
      await setTimeout(5)
    }
  }
  const done = loop()
  return {
    stop: async () => {
      stopping.abort()
      await done
      return { answered, failed }
    },
  }
}

const versionEvents = async (from: number): Promise<readonly string[]> =>
  (await recordsOf(folder)).slice(from).flatMap(({ body }) => {
    const { kind } = (body['event'] ?? {}) as { readonly kind?: string }
    return kind?.startsWith('version.') === true ? [kind] : []
  })

it(
  `${ROUNDS} kills: registry, guard and a second run agree, and no request is lost`,
  async () => {
    const random = stats.createRandom(SEED, 'kill')
    const [forest, logistic] = [digestOf('forest'), digestOf('logistic')]
    const began = performance.now()
    await plumbAside(folder, 'promote', '--candidate', 'models/forest.onnx')
    const whole = performance.now() - began
    const traffic = asking()
    const points = { before: 0, registered: 0, loaded: 0, ended: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const back = round % 2 === 1
      const [from, to] = back ? [logistic, forest] : [forest, logistic]
      const reason = back
        ? await violate(folder, from, `2026-01-01T00:00:00Z/${new Date(1e12 + round * 1e6).toISOString()}`)
        : ''
      const args = back
        ? ['promote', '--rollback', '--reason', reason]
        : ['promote', '--candidate', 'models/logistic.onnx']
      const before = await promotionsOf(folder)
      const records = (await recordsOf(folder)).length

      // Most of the time goes into starting; what is at stake comes after the first record.
      const late = round % 4 !== 0
      const ended = await killed(args, random.float() * whole * (late ? 0.4 : 1), late)
      expect(await ledgerOf(folder).verify()).toMatchObject({ kind: 'ok' })
      const after = await promotionsOf(folder)
      const registry = after.at(-1)?.digest
      const answers = await loaded()
      expect([from, to]).toContain(registry)
      expect([from, to]).toContain(answers)
      expect(after.length - before.length, 'one promotion or none').toBe(registry === to ? 1 : 0)
      if (answers === to) expect(registry, 'nothing answers that is not promoted').toBe(to)
      const events = await versionEvents(records)
      if (registry === to) expect(events[0]).toBe('version.promoted')
      if (events.includes('version.deployed')) expect(answers).toBe(to)
      points[ended ? 'ended' : answers === to ? 'loaded' : registry === to ? 'registered' : 'before']++

      const again = await plumbAside(folder, ...args)
      expect([again.code, again.err]).toEqual([0, ''])
      expect((await promotionsOf(folder)).length - before.length, 'promoted once, also by two runs').toBe(1)
      expect((await promotionsOf(folder)).at(-1)).toMatchObject({
        digest: to,
        ...(back ? { rollback: { reason, from } } : {}),
      })
      expect(await loaded()).toBe(to)
      expect((await versionEvents(records)).toSorted()).toEqual(
        ['version.promoted', 'version.deployed', ...(back ? ['version.rolled-back'] : [])].toSorted(),
      )
    }
    const { answered, failed } = await traffic.stop()
    process.stdout.write(`kills: ${JSON.stringify(points)}, ${answered} requests answered meanwhile, ${failed} lost\n`)
    expect(answered).toBeGreaterThan(ROUNDS)
    expect(failed).toBe(0)
    expect(points.ended).toBeLessThan(ROUNDS)
  },
  60_000 + ROUNDS * 30_000,
)
