import { expect, test } from 'vitest'
import { resolveNames } from '../../check/names/resolve.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { parseSpec } from '../../language/parse.ts'
import type { RelationInfo } from '../../expr/environment.ts'
import { type Context, nothingRead, positionsIn, rowCondition } from './context.ts'

function ask(condition: string, engine?: RelationInfo['engine']) {
  const text = `plumbline: 1
system: { name: s, version: 1.0.0 }
data: { rows: { source: rows.csv, columns: { word: { type: text }, n: { type: integer } } } }
clauses:
  it: { says: One., of: rows, every: '${condition}' }
`
  const sources = { main: { path: 'plumb.yaml', text }, others: [] }
  const spec = parseSpec(sources).value
  if (spec === undefined) throw new Error('no spec')
  const names = resolveNames(spec).value
  const found: Diagnostic[] = []
  const context: Context = {
    spec,
    names,
    report: (d) => void found.push(d),
    position: positionsIn(sources),
    read: nothingRead(),
  }
  const body = spec.clauses.get('it')?.body
  const info = names.relationInfos.get('rows')
  if (body?.form !== 'every' || info === undefined) throw new Error('no clause')
  const typed = rowCondition(context, body.condition, { ...info, ...(engine === undefined ? {} : { engine }) })
  return { typed, found: found.map(({ code, why, span }) => ({ code, why, at: text.slice(span.start, span.end) })) }
}

test('a condition that the database of the rows cannot express is a mistake of the spec, with the reason', () => {
  const condition = 'n > 0 && word.matches("^a")'
  expect(ask(condition)).toMatchObject({ typed: { node: 'and' }, found: [] })
  expect(ask(condition, 'postgresql')).toEqual({
    typed: undefined,
    found: [
      {
        code: 'check/not-in-sql',
        why: expect.stringMatching(/^`rows` is asked where its rows are: PostgreSQL has no RE2/),
        at: 'word.matches("^a")',
      },
    ],
  })
  expect(ask('n > 0', 'postgresql')).toMatchObject({ typed: { node: 'call' }, found: [] })
})
