import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import {
  compile,
  parseExpression,
  printExpr,
  printSyntax,
  readClause,
  readExpression,
  type SpokenClause,
  speak,
  speakClause,
  spokenOf,
} from '@plumbline/core'
import { parseSpec } from '../../packages/core/src/language/index.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { createExpressionGenerator } from './expressions.ts'
import { generateGroup } from './group.ts'

const place = { span: (start: number, end: number) => ({ file: 'test', start, end }) }

test('every generated expression, read aloud, comes back as it was', () => {
  const random = createRandom('english', 'expressions')
  const generator = createExpressionGenerator(random)
  const distinct = new Set<string>()
  let longest = 0
  for (let group = 0; group < 40; group++) {
    for (const expr of generateGroup(random, generator, distinct).exprs) {
      const text = printExpr(expr)
      const { value } = parseExpression(text, place)
      if (value === undefined) throw new Error(text)
      longest = Math.max(longest, text.length)
      const read = readExpression(speak(value))
      expect(read.ok ? printSyntax(read.value) : read.problem, text).toBe(printSyntax(value))
    }
  }
  expect(distinct.size).toBe(2000)
  expect(longest).toBeGreaterThan(100)
})

/** A clause as YAML would hold it. */
function fieldsOf(clause: SpokenClause): object {
  const { of, slices, severity, allowEmpty } = clause
  const common = {
    of,
    severity,
    ...(slices.length > 0 ? { slices } : {}),
    ...(allowEmpty ? { allow_empty: true } : {}),
  }
  const micros = (span: number): string => `${span / 1000}ms`
  const mostly = 'mostly' in clause && clause.mostly !== undefined ? { mostly: clause.mostly } : {}
  const confidence = 'confidence' in clause && clause.confidence !== undefined ? { confidence: clause.confidence } : {}
  const anytime = 'anytime' in clause && clause.anytime === true ? { anytime: true } : {}
  const weights = 'weights' in clause && clause.weights !== undefined ? { weights: clause.weights } : {}
  const cluster = 'cluster' in clause && clause.cluster !== undefined ? { cluster: clause.cluster } : {}
  switch (clause.form) {
    case 'every':
      return { ...common, every: clause.condition, missing: clause.missing, ...mostly }
    case 'must':
      return {
        ...common,
        must: clause.condition,
        ...confidence,
        ...cluster,
        ...weights,
        ...anytime,
        ...(clause.sample ? { sample: true } : {}),
      }
    case 'always':
      return {
        ...common,
        always: clause.condition,
        for: clause.inARow,
        ...(clause.window === undefined ? {} : { window: micros(clause.window) }),
        ...confidence,
        ...cluster,
        ...weights,
        ...anytime,
      }
    case 'eventually':
      return { ...common, eventually: clause.condition, within: micros(clause.within) }
    case 'whenever':
      // oxlint-disable-next-line unicorn/no-thenable -- the language calls it so, and nothing awaits it.
      return { ...common, whenever: clause.whenever, then: clause.condition, within: micros(clause.within) }
    case 'forall':
      return {
        ...common,
        forall: Object.fromEntries(clause.binders),
        ...(clause.assume === undefined ? {} : { assume: clause.assume }),
        ...(clause.lets.length > 0 ? { let: Object.fromEntries(clause.lets) } : {}),
        holds: clause.condition,
        ...mostly,
        ...(clause.over === undefined ? {} : { over: clause.over }),
      }
  }
}

const folder = new URL('../', import.meta.url).pathname
const specs = ['lower', 'check'].flatMap((stage) =>
  readdirSync(join(folder, stage), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(folder, stage, entry.name)).flatMap((file) =>
          file.endsWith('.yaml') ? [join(folder, stage, entry.name, file)] : [],
        )
      : [],
  ),
)
specs.push(join(folder, '../examples/credit-default/plumb.yaml'))

test('every clause of every spec here, read aloud, comes back as an equal clause', () => {
  const forms = new Map<string, number>()
  for (const path of specs) {
    const sources = { main: { path: 'plumb.yaml', text: readFileSync(path, 'utf8') }, others: [] }
    const original = compile(sources, {}).value
    const spec = parseSpec(sources, {}).value
    if (original === undefined || spec === undefined) continue
    const heard: Record<string, object> = {}
    for (const [id, clause] of spec.clauses) {
      const said = speakClause(spokenOf(clause))
      const read = readClause(said ?? '')
      if (!read.ok) throw new Error(`${path} ${id}: ${said}: ${read.problem}`)
      heard[id] = fieldsOf(read.value)
      forms.set(clause.body.form, (forms.get(clause.body.form) ?? 0) + 1)
    }
    const document = parseDocument(sources.main.text)
    document.set('clauses', document.createNode(heard))
    const text = String(document)
    const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] }, {})
    expect(
      diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      path,
    ).toEqual([])
    const digests = (program: typeof original) =>
      program.clauses.map(({ id, digest, severity }) => [id, digest, severity])
    expect(value && digests(value), path).toEqual(digests(original))
  }
  for (const form of ['every', 'must', 'forall', 'always', 'whenever', 'eventually'])
    expect(forms.get(form) ?? 0, form).toBeGreaterThan(0)
})

test('sentences that are none of the grammar are refused in words', () => {
  for (const text of [
    '',
    'In every row of `a`, `b`',
    'In every row of, `b`.',
    'For `a` as a whole, .',
    'For every `x`.',
    'In every row of `a`, `b`. Nonsense.',
    'Whenever in `system` (`a`), then within 7 apples `b`.',
  ])
    expect(readClause(text), text).toMatchObject({ ok: false, problem: expect.stringMatching(/\w/) })
})
