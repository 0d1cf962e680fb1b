import type { Evidence } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { escapeMarkdown, codeSpan } from '../markdown.ts'
import type { ReportInput } from '../input.ts'
import { CHALLENGER, creditReport, REFUTED } from '../testing/credit.ts'
import { loopReport, REFUSED, V2 } from '../testing/loop.ts'
import { HOSTILE, makeHostile } from '../testing/hostile.ts'
import { renderModelCard } from './card.ts'

const report = creditReport()
const card = renderModelCard(report)
/** Digests cover the spec to the last character; the golden file is about the words. */
const withoutDigests = (text: string): string => text.replaceAll(/[0-9a-f]{64}/g, 'DIGEST')

describe('the model card', () => {
  test('is word for word the golden one', async () => {
    await expect(withoutDigests(card)).toMatchFileSnapshot('../../golden/model-card.md')
  })

  test('speaks of the champion unless told of another version', () => {
    expect(card).toContain('champion, in production since')
    const refuted = renderModelCard({ ...report, digest: REFUTED })
    expect(refuted).toContain('refuted by a replayed counterexample after 214 inputs')
    expect(renderModelCard({ ...report, digest: CHALLENGER })).toContain('tested, never promoted')
  })

  test('says what production found of the version, and of no other', () => {
    const loop = loopReport()
    const champion = renderModelCard(loop)
    const section = champion.slice(champion.indexOf('## In production'), champion.indexOf('## Evaluation'))
    expect(section).toContain('answered, 1 to 24 Jan 2026. The clock was simulated')
    expect(section).toContain('| `population-stable` | 15 | 2 | 1 | ✓ satisfied, 24 Jan: 0.008')
    expect(section).toMatch(/\d+ contracts were violated in no window/)
    expect(renderModelCard({ ...loop, digest: V2 })).toContain('answered, 10 to 17 Jan 2026.')
    expect(renderModelCard({ ...loop, digest: REFUSED })).not.toContain('## In production')
    expect(card).not.toContain('## In production')
  })

  test('has no number that the evidence does not have', () => {
    const bare = renderModelCard({ ...report, evidence: [], promotions: [] })
    expect(bare).toContain('No metric was measured for this version.')
    expect(bare).toContain('No evaluation data: nothing was measured.')
    expect(bare.slice(bare.indexOf('## Metrics'), bare.indexOf('## Training'))).not.toMatch(/0\.\d/)
  })

  test('says what the spec does not state', () => {
    const program = {
      ...report.program,
      about: { intendedUse: [], excludedUse: [], owners: [], frameworks: [], requirements: [], hazards: [] },
      models: [],
    }
    expect(renderModelCard({ ...report, program }).match(/_not stated in the spec_/g)?.length).toBeGreaterThan(8)
  })

  test('owns up to what is inconclusive, untested, not met and not enforced', () => {
    const caveats = card.slice(card.indexOf('## Caveats'))
    expect(caveats).toContain('`ranks-young-very-well` for `young` is ? inconclusive')
    expect(caveats).toContain('about 9 400 rows would decide it')
    expect(caveats).toContain('No clause meets the requirement **R-4**')
    const fewer = report.evidence.filter(({ statement }: Evidence) => statement.clause !== 'ranks-well')
    expect(renderModelCard({ ...report, evidence: fewer })).toContain('`ranks-well` was not tested for this version.')
  })
})

describe('hostile texts in Markdown', () => {
  test.each(HOSTILE.map((text, i) => [i, text] as const))('stay texts (%i)', (_, text) => {
    const escaped = escapeMarkdown(text)
    expect(escaped).not.toMatch(/\n/)
    expect(escaped.replaceAll('<!-- -->', '')).not.toMatch(/<|>/)
    expect(escaped).not.toMatch(/(?<!\\)(\\\\)*[|`*_[\]]/)
    expect(escaped).not.toMatch(/@\w/)
    const span = codeSpan(text)
    const fence = /^`+/.exec(span)?.[0] ?? ''
    if (text.includes('|')) expect(span).toMatch(/^<code>[^<>|]*(<!-- -->[^<>|]*)*<\/code>$/)
    expect(span.endsWith(fence)).toBe(true)
    const inside: readonly string[] = span.slice(fence.length, -fence.length).match(/`+/g) ?? []
    expect(inside.includes(fence)).toBe(false)
  })

  test('leave every table with its columns', () => {
    const dirty = renderModelCard(makeHostile<ReportInput>({ ...report, generatedAt: '2026', toolVersion: '0' }))
    let columns = 0
    for (const line of dirty.split('\n')) {
      if (!line.startsWith('|')) columns = 0
      else {
        const cells = line.replaceAll('\\\\', '').replaceAll('\\|', '').split('|').length
        if (columns !== 0) expect(cells).toBe(columns)
        columns = cells
      }
    }
    expect(dirty.isWellFormed()).toBe(true)
    expect(dirty.replaceAll(/(?<![\\`])(`+)(?!`).*?[^`]\1(?!`)/g, '')).not.toContain('<script>')
  })
})
