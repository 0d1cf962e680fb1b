import type { Guard } from '@plumbline/guard'
import { beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../http/http-server.ts'
import { guardOf, infer, ROW, tensors, versionOf, WITH_FALLBACK } from '../testing/guarded.ts'
import { createMetrics } from './exposition.ts'

describe('the text format', () => {
  it('has help, type and value of every series, histograms cumulated', () => {
    const metrics = createMetrics()
    const counter = metrics.counter('a_total', 'A\n\\b.', { label: 'x"\\\n' })
    metrics.counter('a_total', 'A\n\\b.', { label: 'y' })
    metrics.gauge('b', 'B.', () => Number.NaN)
    metrics.gauge('c', 'C.', () => [[{ v: '1' }, Infinity]])
    const histogram = metrics.histogram('d_seconds', 'D.', [0.5, 2], { k: 'v' })
    counter.value += 3
    for (const value of [0.5, 0.6, 2, 3]) histogram.observe(value)
    expect(metrics.write()).toBe(`# HELP a_total A\\n\\\\b.
# TYPE a_total counter
a_total{label="x\\"\\\\\\n"} 3
a_total{label="y"} 0
# HELP b B.
# TYPE b gauge
b NaN
# HELP c C.
# TYPE c gauge
c{v="1"} +Inf
# HELP d_seconds D.
# TYPE d_seconds histogram
d_seconds_bucket{k="v",le="0.5"} 1
d_seconds_bucket{k="v",le="2"} 3
d_seconds_bucket{k="v",le="+Inf"} 4
d_seconds_sum{k="v"} 6.1
d_seconds_count{k="v"} 4
`)
  })
})

describe('what a server counts', () => {
  let guard: Guard
  beforeAll(async () => {
    guard = await guardOf(WITH_FALLBACK)
  })

  it('requests and rows by verdict, violations by clause; no label comes from a request', async () => {
    const answer = versionOf((rows) => rows.map(({ pay_0 }) => ({ risk: pay_0 === 8 ? 1.5 : 0.5 })))
    const server = await startServer({
      name: 'credit',
      guard,
      model: answer,
      fallback: versionOf((rows) => rows.map(() => ({ risk: 0 }))),
    })
    const read = async () => (await (await fetch(`${server.url}/metrics`)).text()).split('\n')
    const before = await read()
    await infer(server.url, { inputs: tensors([ROW, ROW]) })
    await infer(server.url, { inputs: tensors([{ ...ROW, limit_bal: 15000, age: 25 }]) })
    await infer(server.url, { inputs: tensors([{ ...ROW, pay_0: 8 }]) })
    await infer(server.url, { inputs: tensors([{ ...ROW, age: 7 }]) })
    await infer(server.url, { inputs: tensors([{ ...ROW, surname: 7 }]) })
    await infer(server.url, 'no JSON', { 'x-what': 'y' })
    const lines = await read()
    for (const line of [
      'plumbline_requests_total{verdict="accepted"} 1',
      'plumbline_requests_total{verdict="flagged"} 1',
      'plumbline_requests_total{verdict="fallback"} 1',
      'plumbline_requests_total{verdict="rejected"} 2',
      'plumbline_requests_total{verdict="refused"} 1',
      'plumbline_rows_total{verdict="accepted"} 2',
      'plumbline_clause_violations_total{clause="rich-or-old"} 1',
      'plumbline_clause_violations_total{clause="champion.risk.range"} 1',
      'plumbline_clause_violations_total{clause="accounts.age.range"} 1',
      'plumbline_other_violations_total 1',
      'plumbline_guard_seconds_count 6',
      'plumbline_model_seconds_count 3',
      'plumbline_requests_in_flight 1',
    ])
      expect(lines).toContain(line)
    const names = (all: readonly string[]) => all.map((line) => line.replace(/ \S+$/, ''))
    expect(names(lines)).toEqual(names(before))
    await server.close()
  })
})
