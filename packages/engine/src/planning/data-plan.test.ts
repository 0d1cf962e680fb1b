import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instancesOf, type Program, sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../duckdb/session.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import { decideRelation } from '../plan/relation-plan.ts'
import { heardSession } from '../testing/heard-session.ts'
import { planTest } from './data-plan.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-planning-'))
  const rows = Array.from({ length: 1000 }, (_, i) => `${i},${i % 7},word${i % 5},${i % 2 === 0 ? 'a' : 'b'}`)
  await writeFile(join(root, 'd.csv'), `id,x,w,part\n${rows.join('\n')}\n`)
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  await session.value.query(
    sql`COPY (FROM read_csv(${textLiteral(join(root, 'd.csv'))})) TO ${textLiteral(join(root, 'd.parquet'))} (FORMAT parquet)`,
  )
  session.value.close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

function program(source: string): Program {
  const text = `plumbline: 1
system: { name: plan, version: 1.0.0 }
data:
  d:
    source: ${source}
    key: [id]
    splits: { one: 'part == "a"', two: 'part == "b"' }
    columns: { id: { type: integer }, x: { type: number, range: [0, 5] }, w: { type: text }, part: { type: category, values: [a, b] } }
clauses:
  small: { of: d, every: 'x < 6.0' }
  middle: { of: d, must: 'mean(x) < 4.0 && max(x) < 7.0' }
  words: { of: d, must: 'distinct(w) == 5' }
  alike: { of: d.one, must: 'psi(x, d.two) < 0.5' }
`
  return compiledSpec(text)
}

/** The aggregate statements that a real run makes over one relation: how many, with how many questions each. */
async function scansOf(of: Program, relation: string): Promise<readonly number[]> {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const scans: number[] = []
  const watched = heardSession(session.value, (statement) => {
    const asked = new Set(statement.match(/\bm\d+\b/g) ?? []).size
    if (asked > 0) scans.push(asked)
  })
  const catalog = dataCatalog({ program: of, root, session: watched })
  const resolved = await catalog.resolve(relation)
  if (!resolved.ok) throw new Error(resolved.failure.cause)
  const instances = instancesOf(of, ['data']).filter((each) => each.relation === relation)
  const request = { program: of, session: watched, catalog, relation: resolved.value, instances, toolVersion: '0' }
  for await (const statement of decideRelation(request)) expect(statement.verdict).not.toBe('error')
  session.value.close()
  return scans
}

describe('the plan', () => {
  test.each(['d.csv', 'd.parquet'])(
    'has the scans that a run makes, and the same questions in each: %s',
    async (source) => {
      const of = program(source)
      const { relations } = await planTest({ program: of, root, stages: ['data'] })
      expect(relations.map(({ relation }) => relation)).toEqual(['d', 'd.one'])
      for (const { relation, passes } of relations) {
        const planned = passes.filter(({ kind }) => kind === 'scan').map(({ questions }) => questions)
        // A run counts the rows that a split cannot place in a statement of its own.
        const run = await scansOf(of, relation)
        expect(run.slice(0, planned.length), relation).toEqual(planned)
        expect(run.length - planned.length, relation).toBeLessThanOrEqual(1)
      }
    },
  )

  test('says rows, bytes, clauses of a pass, and the cost of all', async () => {
    const { relations, cells } = await planTest({ program: program('d.csv'), root, stages: ['data'] })
    const [d] = relations
    expect(d).toMatchObject({ source: 'd.csv', rows: 1000, exact: false })
    expect(d?.passes.map(({ kind }) => kind)).toEqual(['parse', 'scan', 'key'])
    const scan = d?.passes[1]
    expect(scan?.clauses).toEqual(expect.arrayContaining(['small', 'middle', 'words', 'd.x.range']))
    expect(scan?.rows).toBe(1000)
    expect(d?.passes[2]).toMatchObject({ columns: ['id'], clauses: ['d.key'], bytes: 8000 })
    expect(relations[1]?.passes.map(({ kind }) => kind)).toContain('group')
    expect(cells).toBeGreaterThan(4000)
  })

  test('of Parquet knows the rows, and what lies in its statistics costs nothing', async () => {
    const { relations } = await planTest({ program: program('d.parquet'), root, stages: ['data'] })
    expect(relations[0]).toMatchObject({ rows: 1000, exact: true })
    expect(relations[0]?.passes[0]).toMatchObject({ kind: 'statistics', rows: 0, bytes: 0 })
    expect(relations[0]?.passes.filter(({ kind }) => kind === 'scan').length).toBeGreaterThan(1)
  })

  test('of a source that is not there says so', async () => {
    const { relations } = await planTest({ program: program('none.csv'), root, stages: ['data'] })
    expect(relations[0]).toMatchObject({
      rows: null,
      passes: [],
      failure: expect.stringMatching(/There is no file "none.csv"/),
    })
  })
})
