import type { LoggedRow } from '@plumbline/engine'
import { expect, it } from 'vitest'
import { startServer } from '../http/http-server.ts'
import { guardOf, infer, ROW, tensors, versionOf } from '../testing/guarded.ts'

const section = (onFailure: string, severity: string): string =>
  `guard: { on_failure: ${onFailure}, budget: { added_latency_p99: 1ms, severity: ${severity} } }\n`
/** A clock on which every look costs a millisecond. */
const ticking = (): (() => number) => {
  let now = 0
  return () => now++
}
const answer = async (onFailure: string, severity: string) => {
  const rows: LoggedRow[] = []
  const server = await startServer({
    name: 'credit',
    guard: await guardOf(section(onFailure, severity), { now: ticking() }),
    model: versionOf((asked) => asked.map(() => ({ risk: 0.5 }))),
    sink: {
      append: async (logged) => {
        rows.push(...logged)
        return { ok: true, value: undefined }
      },
      close: async () => undefined,
    },
  })
  // Its last row violates a clause, if it is asked.
  const { status, headers } = await infer(server.url, {
    inputs: tensors([...Array.from({ length: 64 }, () => ROW), { ...ROW, age: 7 }]),
  })
  await server.close()
  return [status, headers.get('plumbline-verdict'), rows.length, rows.at(-1)?.guard]
}

it.each([
  ['closed', 'block', [503, 'unavailable', 65, 'unavailable']],
  ['open', 'block', [200, 'flagged', 65, 'flagged']],
  ['closed', 'warn', [400, 'rejected', 65, 'rejected']],
])('a guard whose time is up, %s, severity %s', async (onFailure, severity, expected) => {
  expect(await answer(onFailure, severity)).toEqual(expected)
})
