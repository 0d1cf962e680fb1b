import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { problemOf } from './run.ts'
import { vectors } from './vectors.ts'

interface Exception {
  readonly reason: string
  readonly cases: readonly string[]
}

const exceptions = parse(readFileSync(new URL('exceptions.yaml', import.meta.url), 'utf8')) as readonly Exception[]
const patterns = exceptions.flatMap(({ cases }) => cases)
const named = (id: string): string | undefined =>
  patterns.find((pattern) => (pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern))

describe('the official conformance vectors of CEL', () => {
  const all = vectors()
  const ours = all.filter(({ messages }) => !messages)
  const problems = ours.map((vector) => ({ id: vector.id, problem: problemOf(vector) }))

  it('pass, but for the exceptions named', () => {
    const unnamed = problems.filter(({ id, problem }) => problem !== undefined && named(id) === undefined)
    expect(unnamed).toEqual([])
  })

  it('at least 95 % of those that need no protobuf messages pass', () => {
    expect(all.length).toBeGreaterThan(2_300)
    expect(ours.length).toBeGreaterThan(1_600)
    const passed = problems.filter(({ problem }) => problem === undefined).length
    expect(passed / ours.length).toBeGreaterThan(0.95)
  })

  it('has no exception without a case that fails', () => {
    const failing = problems.flatMap(({ id, problem }) => (problem === undefined ? [] : [id]))
    const used = new Set(failing.map(named))
    expect(patterns.filter((pattern) => !used.has(pattern))).toEqual([])
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(20)
  })
})
