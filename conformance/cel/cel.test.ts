import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseExpression } from '../../packages/core/src/expr/parse/parser.ts'
import { printSyntax } from '../../packages/core/src/expr/print/syntax.ts'
import { readExpression } from '../../packages/core/src/targets/english/read.ts'
import { speak } from '../../packages/core/src/targets/english/speak.ts'
import { problemOf } from './run.ts'
import { vectors } from './vectors.ts'

interface Exception {
  readonly reason: string
  readonly cases: readonly string[]
}

const exceptions = parse(readFileSync(new URL('exceptions.yaml', import.meta.url), 'utf8')) as readonly Exception[]
const named = exceptions.flatMap(({ cases }) => cases)

describe('the official conformance vectors of CEL', () => {
  const all = vectors()
  const ours = all.filter(({ messages }) => !messages)
  const problems = ours.map((vector) => ({ id: vector.id, problem: problemOf(vector) }))

  it('pass, but for the exceptions named', () => {
    const unnamed = problems.filter(({ id, problem }) => problem !== undefined && !named.includes(id))
    expect(unnamed).toEqual([])
  })

  it('at least 95 % of those that need no protobuf messages pass', () => {
    expect(all.length).toBeGreaterThan(2_300)
    expect(ours.length).toBeGreaterThan(1_600)
    const passed = problems.filter(({ problem }) => problem === undefined).length
    expect(passed / ours.length).toBeGreaterThan(0.95)
  })

  it('are printed as CEL that reads back to the same, and spoken so that it reads back from English', () => {
    const place = { span: (start: number, end: number) => ({ file: 'vector', start, end }) }
    let read = 0
    for (const { expression } of all) {
      const { value } = parseExpression(expression, place)
      if (value === undefined) continue
      read += 1
      const printed = printSyntax(value)
      const again = parseExpression(printed, place).value
      expect(again === undefined ? undefined : printSyntax(again), expression).toBe(printed)
      const spoken = speak(value)
      // Names of fields that need backticks in CEL have no form in English.
      if (/`[^`]*[-/ ]/.test(printed)) continue
      const heard = readExpression(spoken)
      expect(heard.ok ? printSyntax(heard.value) : heard.problem, expression).toBe(printed)
    }
    expect(read).toBeGreaterThan(1_700)
  })

  it('has no exception without a case that fails', () => {
    const failing = problems.flatMap(({ id, problem }) => (problem === undefined ? [] : [id]))
    expect(named.filter((id) => !failing.includes(id))).toEqual([])
    expect(new Set(named).size).toBe(named.length)
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(20)
  })
})
