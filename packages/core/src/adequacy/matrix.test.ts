import { describe, expect, it } from 'vitest'
import type { Program } from '../clause/program.ts'
import type { Statement } from '../evidence/evidence.ts'
import { makeEvidence } from '../evidence/identity.ts'
import { linksOf, readLinks } from './links.ts'
import { traceMatrix, type TraceInput } from './matrix.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const specOf = (says: string, meets = '[R-1]'): Program => {
  const text = `plumbline: 1
system: { name: t }
requirements:
  R-1: { says: "${says}" }
  R-2: { says: Nothing meets this. }
data:
  a:
    source: a.csv
    columns: { x: { type: integer } }
clauses:
  enough: { says: Enough., of: a, must: count() >= 2, meets: ${meets} }
  wish: { says: A wish., of: a, must: count() >= 9, severity: warn, meets: ${meets} }
  loose: { says: Met by nobody., of: a, must: count() >= 1 }
`
  return compiledSpec(text)
}

const RUN = { at: '2026-01-01T00:00:00Z', durationMs: 1, host: { os: 'x', arch: 'x', node: 'x' }, session: 's' }

const answer = (program: Program, id: string, verdict: 'satisfied' | 'violated' | 'inconclusive', data = 'bytes:1') => {
  const clause = program.clauses.find((each) => each.id === id)
  const statement = {
    clause: id,
    form: 'must',
    stage: 'data',
    severity: 'block',
    relation: 'a',
    slice: 'all',
    method: 'scan',
    digests: { spec: program.spec.digest, clause: clause?.digest ?? '', data: { a: data }, models: {}, tool: '1' },
    verdict,
    ...(verdict === 'inconclusive'
      ? { reason: 'empty-relation' }
      : { n: 1, measured: 1, missing: 0, excluded: 0, unassigned_rows: 0 }),
  } as Statement
  return makeEvidence(statement, RUN)
}

const matrixOf = (program: Program, more: Partial<TraceInput>) =>
  traceMatrix({ program, evidence: [], release: { versions: { others: {} }, data: { a: 'bytes:1' } }, ...more })

const stateOf = (program: Program, more: Partial<TraceInput>) => matrixOf(program, more).requirements[0]?.state

describe('the matrix of requirements', () => {
  const program = specOf('It is enough.')

  it('tells covered, verified and failing apart by current evidence alone', () => {
    expect(stateOf(program, {})).toBe('covered')
    expect(stateOf(program, { evidence: [answer(program, 'enough', 'inconclusive')] })).toBe('covered')
    expect(stateOf(program, { evidence: [answer(program, 'enough', 'satisfied', 'bytes:old')] })).toBe('covered')
    expect(stateOf(program, { evidence: [answer(program, 'enough', 'satisfied')] })).toBe('verified')
    expect(
      stateOf(program, { evidence: [answer(program, 'enough', 'satisfied'), answer(program, 'wish', 'violated')] }),
    ).toBe('failing')
    expect(matrixOf(program, {}).requirements[1]?.state).toBe('uncovered')
  })

  it('makes a requirement suspect when its text changes, until it is linked again', () => {
    const links = linksOf(program)
    const changed = specOf('It is plenty.')
    const evidence = [answer(changed, 'enough', 'satisfied')]
    expect(stateOf(program, { links, evidence: [answer(program, 'enough', 'satisfied')] })).toBe('verified')
    expect(stateOf(changed, { links, evidence })).toBe('suspect')
    expect(stateOf(changed, { links: linksOf(changed, links, new Set(['R-2'])), evidence })).toBe('suspect')
    expect(stateOf(changed, { links: linksOf(changed, links, new Set(['R-1'])), evidence })).toBe('verified')
  })

  it('lists clauses that meet nothing, links that are gone and results nobody owns', () => {
    const { orphans } = matrixOf(specOf('x', '[R-2]'), {
      links: linksOf(program),
      foreign: [{ tool: 'junit', name: 'test_other', verdict: 'satisfied', clauses: [] }],
    })
    expect(orphans.clauses).toEqual(['loose'])
    expect(orphans.links).toEqual([
      { requirement: 'R-1', clause: 'enough' },
      { requirement: 'R-1', clause: 'wish' },
    ])
    expect(orphans.results).toHaveLength(1)
  })

  it('shows foreign results and lets them decide nothing', () => {
    const foreign = [{ tool: 'junit', name: 'test_enough', verdict: 'satisfied', clauses: ['enough'] }] as const
    const [row] = matrixOf(program, { foreign }).requirements
    expect(row?.state).toBe('covered')
    expect(row?.clauses[0]?.foreign).toEqual(foreign)
  })

  it('reads back the links it made, and nothing else', () => {
    const links = linksOf(program)
    expect(readLinks(JSON.parse(JSON.stringify(links)))).toEqual(links)
    for (const other of [null, [], {}, { schema: links.schema }, { ...links, links: { 'R-1': 3 } }])
      expect(readLinks(other)).toBeUndefined()
  })
})
