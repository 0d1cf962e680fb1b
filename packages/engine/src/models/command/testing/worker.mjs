// A model behind JSON lines: risk = a / 10. Its argument says how it misbehaves.
import { existsSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [, , how = 'well', marker = ''] = process.argv
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
const answered = {
  well: (a) => a.map((v) => (v === null ? 0 : v / 10)),
  nan: (a) => a.map((v, i) => (i === 1 ? 'NaN' : v / 10)),
  infinite: (a) => a.map((v, i) => (i === 1 ? '-Infinity' : v / 10)),
  short: (a) => a.slice(1).map((v) => v / 10),
  text: (a) => a.map(() => 'high'),
  unsteady: (a) => a.map((v) => v / 10 + Math.random() / 100),
  constant: (a) => a.map(() => 0.5),
}
let greeted = false
for await (const line of createInterface({ input: process.stdin })) {
  const { id, rows, columns } = JSON.parse(line)
  if (!greeted) {
    greeted = true
    if (how === 'closed') say({ plumbline: 1, error: 'the file is no model' })
    else say({ plumbline: 1, says: { model: 'tenth', version: '1' } })
    continue
  }
  const a = columns.a
  if (how === 'crash' || (how === 'crash-once' && !existsSync(marker))) {
    if (how === 'crash-once') writeFileSync(marker, '')
    console.error('Segmentation fault, or so')
    process.exit(139)
  }
  if (how === 'no-worker') {
    console.error("ModuleNotFoundError: No module named 'plumbline'")
    process.exit(1)
  }
  if (how === 'throws') throw new TypeError('a is no number')
  if (how === 'hang') continue
  if (how === 'bare-nan') process.stdout.write(`{"id": ${id}, "outputs": {"risk": [0.5, NaN]}}\n`)
  else if (how === 'latin-1') process.stdout.write(Buffer.from(`{"id": ${id}, "outputs": {"risk": ["é"]}}\n`, 'latin1'))
  else if (how === 'list-of-errors') say({ id, outputs: { risk: a.map((v) => v / 10) }, errors: ['seven is unlucky'] })
  else if (how === 'twice') {
    say({ id, outputs: { risk: a.map((v) => v / 10) } })
    say({ id, outputs: { risk: a.map((v) => v / 10) } })
  } else if (how === 'chatter') console.log('Loading model...')
  else if (how === 'fails') say({ id, error: 'ValueError: no' })
  else if (how === 'fails-on-rows') {
    const errors = Object.fromEntries(a.flatMap((v, i) => (v === 7 ? [[i, 'seven is unlucky']] : [])))
    say({ id, outputs: { risk: a.map((v) => (v === 7 ? null : v / 10)) }, errors })
  } else if (how === 'silent') say({ id, outputs: { other: a } })
  else say({ id, outputs: { risk: (answered[how] ?? answered.well)(a) }, rows })
}
