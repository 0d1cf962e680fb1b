// node write-log.ts <directory> <rows> <requests a turn> <compact|lines>: logs rows of 25 columns as a server does that
// serves so many requests in each turn of its event loop, and prints what it cost as JSON.
import { rmSync } from 'node:fs'
import { type LoggedRow, type LogColumn, openRequestLog } from '@plumbline/engine'
import { nodeHost } from '@plumbline/store'

const [directory = '', count = '0', perTurn = '8', compact = 'compact'] = process.argv.slice(2)
const rows = Number(count)
const turn = Number(perTurn)
const column = (name: string, kind: LogColumn['kind']): LogColumn => ({ name, kind })
const request = [
  column('id', 'int'),
  ...Array.from({ length: 12 }, (_, i) => column(`code_${i}`, 'int')),
  ...Array.from({ length: 10 }, (_, i) => column(`amount_${i}`, 'double')),
]
rmSync(directory, { recursive: true, force: true })
const opened = await openRequestLog({
  host: nodeHost(),
  directory,
  columns: { request, answer: [column('risk', 'double'), column('decision', 'bool')] },
  ...(compact === 'lines' ? { compact: 'off' as const } : {}),
})
if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
const log = opened.value

/** Rows of one hidden class, as the guard makes them. */
class Cells {
  [column: string]: number
  constructor(n: number) {
    request.forEach(({ name, kind }, i) => {
      this[name] = kind === 'int' ? (i * 7 + n) % 9 : ((n * 7_919 + i * 104_729) % 10_000_000) / 100
    })
  }
}
const requests = Array.from({ length: 997 }, (_, n) => new Cells(n))
const rowAt = (n: number): LoggedRow => ({
  requestId: `0123456789abcdef-${n}`,
  row: 0,
  at: 1_767_744_000_000_000 + n * 1_000,
  model: `sha256:${'a'.repeat(64)}`,
  guard: 'accepted',
  clauses: [],
  request: requests[n % 997] ?? {},
  answer: { risk: ((n * 31) % 1_000) / 1_000, decision: n % 2 === 0 },
})

const MIB = 2 ** 20
const peaks: number[] = []
const before = process.cpuUsage()
for (let done = turn; done <= rows; done += turn) {
  const waiting = Array.from({ length: turn }, (_, i) => log.append([rowAt(done + i)]))
  for (const written of await Promise.all(waiting)) if (!written.ok) throw new Error(JSON.stringify(written.failure))
  if (done % (turn * 500) === 0) {
    const tenth = Math.min(9, Math.floor(((done - 1) / rows) * 10))
    peaks[tenth] = Math.max(peaks[tenth] ?? 0, process.memoryUsage.rss() / MIB)
  }
}
await log.close()
const { user, system } = process.cpuUsage(before)
const { bytes, closed } = log.state()
process.stdout.write(JSON.stringify({ cpuUs: user + system, peaks, bytes, uncompacted: closed.uncompacted }))
