import type { Evidence } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { loopReport } from '../../../../report/src/testing/loop.ts'
import { createStyle } from '../../terminal/style.ts'
import { createReporter } from '../reporters.ts'
import { evidenceLines } from './evidence.ts'

const { program, evidence } = loopReport()
const look = { style: createStyle(false), width: 100 }

function wordsOf(wanted: (each: Evidence) => boolean): string {
  const found = evidence.findLast(wanted)
  if (found === undefined) throw new Error('no such evidence')
  const clause = program.clauses.find(({ id }) => id === found.statement.clause)
  return evidenceLines(clause, found, look)
    .join('\n')
    .replaceAll(/sha256:[0-9a-f]{12}…/g, 'DIGEST')
}

describe('a record of the ledger in words', () => {
  test('of a window: when, what was measured against which bound, on how many rows, of which version', () => {
    expect(
      wordsOf(({ statement }) => statement.clause === 'ranks-lately' && statement.verdict === 'violated'),
    ).toBe(`  ✗ violated  ranks-lately on requests  17 Jan 2026
    found     ranks-lately asks roc_auc() >= 0.74; measured 0.6587 (0.6287 to 0.6887 at 95 %).
    rows      1 161 rows, labels of 1 233 of 1 298 have arrived
    version   champion DIGEST answered
    made      2026-01-19T01:12:00Z, by the simulated clock, evidence DIGEST`)
  })

  test('of a window that was decided again', () => {
    const text = wordsOf(({ statement }) => statement.supersedes !== undefined)
    expect(text).toContain('rows      1 420 rows, 31 came after it had been decided before')
    expect(text).toContain('replaces  DIGEST, as rows came late')
  })

  test('of what still has time', () => {
    const text = wordsOf(
      ({ statement }) => statement.clause === 'drift-is-answered' && statement.verdict === 'inconclusive',
    )
    expect(text).toContain('population-stable: violated at 2026-01-10T00:00:00Z has time until')
  })

  test('of a model, without a window', () => {
    const text = wordsOf(({ statement }) => statement.clause === 'ranks-well' && statement.verdict === 'satisfied')
    expect(text).toMatch(/^ {2}✓ satisfied {2}ranks-well on champion\.test\n {4}found {5}roc_auc\(\) 0\.7805 \[/)
    expect(text).not.toContain('simulated')
  })
})

test('what has to be known of how it was decided is in every format that has room for it', () => {
  const slow = evidence.find(({ statement }) => statement.clause === 'release.latency')
  if (slow === undefined) throw new Error('no such evidence')
  const violated = { ...slow, statement: { ...slow.statement, verdict: 'violated' } } as Evidence
  const result = { program, evidence: [violated], specPath: 'plumb.yaml', exitMeaning: '' }
  for (const name of ['terminal', 'junit', 'markdown'] as const)
    expect(createReporter(name, look).render(result)).toContain('2000 requests of one row from 4 clients.')
})
