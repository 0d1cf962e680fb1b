import type { Evidence } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import type { ReportInput } from './input.ts'
import { renderReport } from './report.ts'
import { CHALLENGER, CHAMPION, creditProgram, creditReport, evidenceFor, REFUTED } from './testing/credit.ts'
import { HOSTILE, makeHostile } from './testing/hostile.ts'
import { readMarkup } from './testing/markup.ts'

const report = creditReport()
const page = renderReport(report)
const ATTRIBUTES =
  /^(lang|charset|name|content|http-equiv|id|class|href|title|style|tabindex|role|aria-(label|labelledby|hidden)|scope|rowspan|colspan|open|datetime|width|height|viewBox|preserveAspectRatio|x|y|x1|x2|y1|y2|cx|cy|r|d)$/

/** The text of an element by id, tags left out. */
function textOf(id: string, from = page): string {
  const start = from.indexOf(`id="${id}"`)
  expect(start, `no element ${id}`).toBeGreaterThan(0)
  const end = from.slice(start).search(/<\/(section|details|article)>/)
  return from
    .slice(start, start + end)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
}

describe('the page', () => {
  test('is well-formed and needs nothing from outside', () => {
    const { tags } = readMarkup(page)
    expect(new Set(tags.map(({ name }) => name)).has('script')).toBe(false)
    for (const { attributes } of tags) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).toMatch(ATTRIBUTES)
        if (name === 'href') expect(value).toMatch(/^#/)
      }
    }
    expect(page).not.toMatch(/https?:\/\/|@import|url\(/)
  })

  test('every link leads to an element, and no id is given twice', () => {
    const { tags } = readMarkup(page)
    const ids = tags.flatMap(({ attributes }) => (attributes['id'] === undefined ? [] : [attributes['id']]))
    expect(ids.length).toBe(new Set(ids).size)
    for (const { attributes } of tags)
      if (attributes['href'] !== undefined) expect(ids).toContain(attributes['href'].slice(1))
  })

  test('asks in the order of a reviewer', () => {
    const order = [...page.matchAll(/<section id="([^"]+)"/g)].map((m) => m[1])
    expect(order).toEqual([
      'decision',
      'requirements',
      'hazards',
      'history',
      'models',
      'model-1',
      'model-2',
      'model-3',
      'model-4',
      'data',
      'profile',
      'lineage',
    ])
  })

  test('is the same for the same input', () => {
    expect(renderReport(creditReport())).toBe(page)
  })

  test('says of each reason the clause, the bound, the measured value with interval, and what would change it', () => {
    const text = textOf('decision')
    expect(text).toContain('The gate is closed for 6 reasons')
    expect(page).toContain('roc_auc() &gt;= 0.74')
    expect(page).toContain('<b>0.7195</b>, interval 0.7021 to 0.7369 (95 %)')
    expect(page).toContain('what would change it')
  })

  test('shows an open gate as open', () => {
    const open = renderReport({ ...report, gate: { open: true, reasons: [], supporting: ['a', 'b'], notes: [] } })
    expect(open).toContain('gate open')
    expect(textOf('decision', open)).toContain('2 blocking questions are answered')
  })
})

describe('requirements', () => {
  test('lead to clauses and verdicts per version, and an unmet one is said to be so', () => {
    const text = textOf('requirements')
    expect(text).toContain('No clause meets R-4')
    expect(text).toMatch(/ranks-well ✓ satisfied satisfied ✗ violated violated ✓ satisfied/)
    expect(text).toContain('R-4 An analyst can see why. ✗ no clause meets it')
  })
})

describe('versions', () => {
  test('come champion first, then the candidate, then by the latest test', () => {
    const [champion, candidate, third, other] = [1, 2, 3, 4].map((i) => textOf(`model-${i}`))
    expect(champion).toContain('Champion, in production')
    expect(page.indexOf(CHAMPION.slice(0, 19))).toBeGreaterThan(0)
    expect(candidate).toContain('Candidate')
    expect(third).toContain('Tested version 3')
    expect(other).toContain('Model scorecard')
    expect(REFUTED).not.toBe(CHALLENGER)
  })

  test('only the last answer to a question is shown', () => {
    const program = creditProgram()
    const again = evidenceFor(
      program,
      { clause: 'ranks-well', model: CHAMPION, at: '2026-11-22T15:00:00.000Z' },
      { verdict: 'error', reason: 'model-failed', cause: 'It answered `nan`.', method: 'none' },
    )
    const text = textOf('model-1-ranks-well', renderReport({ ...report, evidence: [...report.evidence, again] }))
    expect(text).toContain('! error the model failed on a row. It answered nan .')
    expect(text).not.toContain('0.7571')
  })

  test('a skipped question that names no model goes with what its session tested', () => {
    const unnamed = report.evidence.map((each): Evidence => {
      if (each.statement.verdict !== 'skipped') return each
      return { ...each, statement: { ...each.statement, digests: { ...each.statement.digests, models: {}, data: {} } } }
    })
    const id = 'model-1-beats-yesterday'
    expect(textOf(id, renderReport({ ...report, evidence: unnamed }))).toContain('– skipped there is no champion yet')
    const alone = unnamed.filter(({ statement }) => statement.verdict === 'skipped' || statement.stage === 'data')
    expect(textOf('data', renderReport({ ...report, evidence: alone }))).toContain('Data')
    expect(renderReport({ ...report, evidence: alone })).toContain('Asked of a model that was not there')
  })

  test('the version a gate decided about is found by the evidence it names', () => {
    const { candidate: _, ...untold } = report
    expect(renderReport(untold)).toBe(page)
  })

  test('an answer to an earlier wording is marked', () => {
    const old = report.evidence.map(
      (each): Evidence =>
        each.statement.clause === 'ranks-well'
          ? { ...each, statement: { ...each.statement, digests: { ...each.statement.digests, clause: 'sha256:old' } } }
          : each,
    )
    expect(textOf('model-1-ranks-well', renderReport({ ...report, evidence: old }))).toContain(
      'tested before the clause changed',
    )
  })

  test('evidence for a clause that has left the spec is kept and said to be so', () => {
    const program = { ...report.program, clauses: report.program.clauses.filter(({ id }) => id !== 'ranks-well') }
    expect(textOf('model-1-ranks-well', renderReport({ ...report, program }))).toContain('no longer in the spec')
  })
})

describe('clauses', () => {
  test('must: the measured value, its interval and the bound, in words and drawn', () => {
    const text = textOf('model-1-ranks-well')
    expect(text).toMatch(/7 529 0\.7745 0\.7571 to 0\.7919/)
    expect(page).toContain('aria-label="measured 0.7745, 95 % interval 0.7571 to 0.7919; allowed: ≥ 0.74"')
    expect(text).toContain('Cross-validation expects 0.7745 ± 0.0068.')
  })

  test('must: slices are one forest plot on one axis', () => {
    const start = page.indexOf('id="model-1-ranks-well-by-education"')
    const card = page.slice(start, page.indexOf('</details>', start))
    expect(card.match(/<svg class="axis"/g)).toHaveLength(1)
    const bounds = [...card.matchAll(/<line class="bound" x1="([\d.]+)"/g)].map((m) => m[1])
    expect(bounds).toHaveLength(5)
    expect(new Set(bounds).size).toBe(1)
    expect(textOf('model-1-ranks-well-by-education')).toContain(
      'education=4 31 0.690 0.490 to 0.890 ? inconclusive needs ≈ 1 900 rows',
    )
  })

  test('must: where both sides are measured, the difference is drawn', () => {
    const text = textOf('model-1-better-than-scorecard')
    expect(text).toContain('+0.0482')
    expect(text).toContain('both sides are measured')
  })

  test('every: failing rows with key, cells and because', () => {
    const text = textOf('data-accounts.education.values')
    expect(text).toContain('345 of 30 000 rows fail (98.85 % satisfy it)')
    expect(text).toContain('row id education because 48 48 5 the condition is false')
    expect(text).toContain('The first 6 of 345 failing rows.')
  })

  test('forall: proof with its notes, counterexample side by side with the derived input, or how far the search came', () => {
    expect(textOf('model-1-later-payment-never-helps')).toContain(
      'Proved for every input of the domain: every tree is monotone in the column (monotone-trees). all 100 trees are monotone in pay_0',
    )
    const refuted = textOf('model-2-later-payment-never-helps')
    expect(refuted).toContain('column x y derived pay_0 (differs) 1 2 What the model answered')
    expect(refuted).toContain('in both limit_bal 50000 sex 2')
    expect(refuted).toContain('champion(y) risk 0.3127164840698242')
    expect(textOf('model-3-sex-does-not-decide')).toContain('Neither proved nor refuted after 20 000 inputs')
    expect(textOf('model-3-sex-does-not-decide')).toContain(
      'No proof: Gemm &quot;scores&quot;: its weights are not constants.',
    )
  })

  test('a verdict is never told by color alone', () => {
    for (const [, verdict] of page.matchAll(/class="badge (\w+)"/g)) expect(page).toContain(`</span>${verdict}</span>`)
  })
})

describe('hostile input', () => {
  const hostile = makeHostile<ReportInput>({ ...report, generatedAt: '2026', toolVersion: '0' })

  test('every text comes out as text', () => {
    const dirty = renderReport(hostile)
    const { tags, text } = readMarkup(dirty)
    const clean = new Set(readMarkup(page).tags.map(({ name }) => name))
    expect([...new Set(tags.map(({ name }) => name))].filter((name) => !clean.has(name))).toEqual([])
    for (const { attributes } of tags) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).toMatch(ATTRIBUTES)
        if (name === 'href') expect(value).toMatch(/^#/)
      }
    }
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(dirty).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Noncharacter_Code_Point}]/u)
    expect(dirty.isWellFormed()).toBe(true)
    expect(text).toContain('more characters)')
  })

  test.each(HOSTILE.map((text, i) => [i, text] as const))('as a name, a slice and a cell (%i)', (_, text) => {
    const program = creditProgram()
    const plain = evidenceFor(program, { clause: 'bills-within-limit' }, { verdict: 'violated', failing: 1 })
    const witness = {
      row: 1,
      key: { [text]: text },
      cells: { ['__proto__x']: text, [`${text}b`]: 9223372036854775807n },
      because: text,
    }
    const evidence: Evidence = {
      ...plain,
      statement: {
        ...plain.statement,
        verdict: 'violated',
        slice: text,
        measured: 0.5,
        witnesses: [witness],
      } as Evidence['statement'],
    }
    readMarkup(renderReport({ ...report, evidence: [evidence] }))
  })

  test('numbers at the edges are drawn inside the picture', () => {
    const program = creditProgram()
    const make = (low: number, high: number, left: number): Evidence =>
      evidenceFor(
        program,
        { clause: 'ranks-well', model: CHAMPION },
        {
          verdict: 'inconclusive',
          reason: 'interval-straddles-bound',
          n: 3,
          comparisons: [
            {
              expression: 'roc_auc() >= 0.74',
              left,
              right: 0.74,
              margin: { value: left - 0.74, interval: { low, high }, level: 0.95 },
              verdict: 'inconclusive',
            },
          ],
        },
      )
    for (const [low, high, left] of [
      [-Infinity, Infinity, 0.74],
      [0, 0, 0.74],
      [-1e300, 1e300, 0.74],
      [Number.NaN, Number.NaN, 0.74],
      [-0.1, 0.1, Number.NaN],
    ] as const) {
      const { tags } = readMarkup(renderReport({ ...report, evidence: [make(low, high, left)] }))
      for (const { name, attributes } of tags) {
        if (name === 'circle') expect(Number(attributes['cx'])).toBeGreaterThanOrEqual(0)
        for (const key of ['x', 'x1', 'x2', 'cx', 'width'])
          if (attributes[key] !== undefined)
            expect(Number.isFinite(Number(attributes[key])), `${name} ${key}`).toBe(true)
      }
    }
  })

  test('no evidence, no gate, no requirement: an honest page', () => {
    const bare = renderReport({
      program: {
        ...report.program,
        about: { intendedUse: [], excludedUse: [], owners: [], frameworks: [], requirements: [], hazards: [] },
      },
      evidence: [],
      generatedAt: '2026-11-22T14:10:00.000Z',
      toolVersion: '0.1.0',
    })
    readMarkup(bare)
    expect(bare).toContain('The spec states no purpose.')
    expect(bare).toContain('No gate has decided on this evidence yet.')
    expect(bare).toContain('No version was promoted yet.')
  })
})
