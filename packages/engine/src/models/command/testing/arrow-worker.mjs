// A model behind Arrow: risk = a / 10. Its argument says how it misbehaves.
import { Buffer } from 'node:buffer'
import * as arrow from 'apache-arrow'

const [, , how = 'well'] = process.argv
let there = Buffer.alloc(0)
const chunks = process.stdin[Symbol.asyncIterator]()
/** Fills `there` until `enough` says so. */
async function filled(enough) {
  while (!enough()) {
    const { value, done } = await chunks.next()
    if (done) process.exit(0)
    there = Buffer.concat([there, value])
  }
}
async function line() {
  await filled(() => there.includes(10))
  const end = there.indexOf(10)
  const read = JSON.parse(there.subarray(0, end).toString())
  there = there.subarray(end + 1)
  return read
}
async function table(size) {
  await filled(() => there.length >= size)
  const read = arrow.tableFromIPC(there.subarray(0, size))
  there = there.subarray(size)
  return read
}
const say = (value, attached = Buffer.alloc(0)) =>
  process.stdout.write(Buffer.concat([Buffer.from(`${JSON.stringify(value)}\n`), attached]))

const greeting = await line()
say({ plumbline: 1, ...(how === 'json-only' ? {} : { format: greeting.format }), says: { model: 'tenth' } })
for (;;) {
  const { id, arrow: size, rows } = await line()
  const asked = await table(size)
  const a = [...(asked.getChild('a') ?? asked.getChildAt(0))]
  if (how === 'echo') {
    const columns = Object.fromEntries(asked.schema.fields.map(({ name }) => [name, asked.getChild(name)]))
    send(id, columns)
    continue
  }
  if (how === 'no-bytes') {
    say({ id, outputs: { risk: a.map(() => 0.5) } })
    continue
  }
  if (how === 'error') {
    say({ id, error: 'ValueError: no' })
    continue
  }
  if (how === 'huge') {
    say({ id, arrow: 1e15 })
    continue
  }
  if (how === 'nonsense') {
    say({ id, arrow: 9 }, Buffer.from('no Arrow!'))
    continue
  }
  const risk = {
    nan: () => arrow.makeVector(Float64Array.from(a, (v, i) => (i === 1 ? Number.NaN : Number(v) / 10))),
    infinite: () => arrow.makeVector(Float64Array.from(a, (v, i) => (i === 1 ? Infinity : Number(v) / 10))),
    null: () =>
      arrow.vectorFromArray(
        a.map((v, i) => (i === 1 ? null : Number(v) / 10)),
        new arrow.Float64(),
      ),
    short: () => arrow.makeVector(Float64Array.from(a.slice(1), (v) => Number(v) / 10)),
    text: () =>
      arrow.vectorFromArray(
        a.map(() => 'high'),
        new arrow.Utf8(),
      ),
    dates: () =>
      arrow.vectorFromArray(
        a.map(() => new Date(0)),
        new arrow.DateDay(),
      ),
    halves: () => arrow.makeVector(Float32Array.from(a, (v) => Number(v) / 8)),
    unsteady: () => arrow.makeVector(Float64Array.from(a, (v) => Number(v) / 10 + Math.random() / 100)),
  }[how]
  const column = risk?.() ?? arrow.makeVector(Float64Array.from(a, (v) => Number(v) / 10))
  const errors =
    how === 'fails-on-rows' ? Object.fromEntries(a.flatMap((v, i) => (Number(v) === 7 ? [[i, 'seven']] : []))) : {}
  if (how === 'cut') {
    const bytes = arrow.tableToIPC(new arrow.Table({ risk: column }), 'stream')
    say({ id, arrow: bytes.length - 150 }, bytes.subarray(0, bytes.length - 150))
  } else if (how === 'crash-between') {
    process.stdout.write(`${JSON.stringify({ id, arrow: 1000 })}\nhalf`, () => process.exit(3))
  } else send(id, how === 'silent' ? { other: column } : { risk: column }, errors, rows)
}

function send(id, columns, errors = {}) {
  const bytes = arrow.tableToIPC(new arrow.Table(columns), 'stream')
  say({ id, arrow: bytes.length, errors }, bytes)
}
