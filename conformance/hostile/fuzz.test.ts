import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const COUNT = Number(process.env['PLUMB_FUZZ_TEXTS'] ?? 60)
const SEED = Number(process.env['PLUMB_FUZZ_SEED'] ?? 1)

it(
  'no text crashes the compiler, holds it up or takes memory out of proportion',
  () => {
    // The process may not have more than this for its heap, whatever the texts are.
    const run = spawnSync(
      process.execPath,
      ['--max-old-space-size=256', join(import.meta.dirname, 'run.ts'), `${SEED}`, `${COUNT}`],
      {
        encoding: 'utf8',
        timeout: 60_000 + COUNT * 500,
      },
    )
    expect(run.error).toBeUndefined()
    expect(run.stdout.slice(0, 4000) + run.stderr.slice(0, 4000)).toMatch(/^\{"count":/)
    const { count, leftAlone, slowest } = JSON.parse(run.stdout) as {
      count: number
      leftAlone: number
      slowest: { ms: number; index: number; length: number }
    }
    expect(count).toBe(COUNT)
    expect(leftAlone).toBeLessThanOrEqual(COUNT / 100)
    // CPU time of one text, parsed three times and laid out; the largest have 400 kB.
    expect(slowest.ms, `text ${slowest.index} of seed ${SEED}`).toBeLessThan(10_000)
  },
  120_000 + COUNT * 500,
)
