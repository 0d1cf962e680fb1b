// node --import ./run-from-sources.ts log-until-killed.ts <directory> <name> [<turns>]: logs the rows of several clients a
// turn, without end if no number is given, and prints the id of each request whose rows were acknowledged. A failure is
// printed and ends the program.
import { writeSync } from 'node:fs'
import { nodeHost } from '../../store/src/host/node-host.ts'
import { requestLogFailureText } from '../src/requests/failure.ts'
import { openRequestLog } from '../src/requests/request-log.ts'
import type { LoggedRow } from '../src/requests/row-text.ts'

const [directory = '', name = '', turns = 'Infinity'] = process.argv.slice(2)
const fail = (text: string): never => {
  writeSync(1, `failed ${text}\n`)
  process.exit(1)
}
const opened = await openRequestLog({
  host: nodeHost(),
  directory,
  columns: { request: [{ name: 'id', kind: 'int' }], answer: [{ name: 'risk', kind: 'double' }] },
  limits: { segmentRows: 150 },
  lockTimeoutMs: 20_000,
})
if (!opened.ok) throw new Error(fail(requestLogFailureText(opened.failure)))
const log = opened.value

const rowsOf = (id: string, turn: number, rows: number): readonly LoggedRow[] =>
  Array.from({ length: rows }, (_, row) => ({
    requestId: id,
    row,
    at: 1_767_744_000_000_000 + turn,
    model: 'sha256:m',
    guard: 'accepted',
    // Now and then a long line: the kernel can be stopped in the middle of writing it.
    clauses: turn % 11 === 10 ? ['x'.repeat(300_000)] : [],
    request: { id: turn },
    answer: { risk: row / 7 },
  }))

for (let turn = 0; turn < Number(turns); turn++) {
  const clients = Array.from({ length: 1 + (turn % 4) }, async (_, client) => {
    const id = `${name}-${turn}-${client}`
    const written = await log.append(rowsOf(id, turn, 1 + (client % 3)))
    if (!written.ok) fail(requestLogFailureText(written.failure))
    // Synchronous, so that what was acknowledged is on the pipe before anything else happens.
    writeSync(1, `${id}\n`)
  })
  await Promise.all(clients)
}
await log.close()
