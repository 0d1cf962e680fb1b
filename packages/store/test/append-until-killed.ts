// node --import ./run-from-sources.ts append-until-killed.ts <ledger> <writer> [<batches>]: appends batches, without end
// if no number is given, and prints, after each acknowledgement, one line `<seq> <digest>` for each record. A failure is
// printed and ends the program.
import { writeSync } from 'node:fs'
import { nodeHost } from '../src/host/node-host.ts'
import { failureText } from '../src/ledger/broken.ts'
import { openLedger } from '../src/ledger/ledger.ts'

const [directory = '', writer = '', batches = 'Infinity'] = process.argv.slice(2)
const ledger = openLedger(nodeHost(), directory, { maxSegmentBytes: 2_000_000 })
for (let i = 0; i < Number(batches); i++) {
  // Now and then a long line: the kernel can be stopped in the middle of writing it.
  const filler = 'x'.repeat(i % 5 === 4 ? 400_000 : (i * 37) % 500)
  const batch = Array.from({ length: 1 + (i % 4) }, (_, part) => ({ kind: 'evidence', writer, i, part, filler }))
  const result = await ledger.append(batch)
  if (!result.ok) {
    writeSync(1, `failed ${failureText(result.failure)}\n`)
    process.exit(1)
  }
  // Synchronous, so that what was acknowledged is on the pipe before the next append begins.
  writeSync(1, result.value.map(({ seq, digest }) => `${seq} ${digest}\n`).join(''))
}
