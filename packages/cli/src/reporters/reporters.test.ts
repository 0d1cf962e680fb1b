import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { type Evidence, reviveTags, type JsonValue } from '@plumbline/core'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { HOSTILE, makeHostile } from '../../../report/src/testing/hostile.ts'
import { createStyle } from '../terminal/style.ts'
import { testJson } from './json.ts'
import type { TestResult } from './reporter.ts'
import { createReporter, isReporterName, REPORTERS, type ReporterName } from './reporters.ts'
import { sarifLog } from './sarif.ts'
import { clip, pad, widthOf, wrap } from './terminal/layout.ts'
import { sampleRun, withoutDigests } from './testing/run.ts'

const run = sampleRun()
const render = (name: ReporterName, result: TestResult = run, width = 100, color = false): string =>
  createReporter(name, { style: createStyle(color), width }).render(result)
const hostileRun: TestResult = makeHostile(run)
const controls = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Noncharacter_Code_Point}]/u

describe('golden', () => {
  const files: Readonly<Record<ReporterName, string>> = {
    terminal: 'terminal.txt',
    json: 'test.json',
    junit: 'junit.xml',
    sarif: 'test.sarif',
    markdown: 'comment.md',
  }
  test.each(REPORTERS)('%s is word for word the golden one', async (name) => {
    await expect(withoutDigests(render(name))).toMatchFileSnapshot(`../../golden/reporters/${files[name]}`)
  })

  test('names', () => {
    expect(REPORTERS.every(isReporterName)).toBe(true)
    expect(isReporterName('toString')).toBe(false)
  })
})

describe('terminal', () => {
  test('every line fits the width, with wide characters and hostile texts', () => {
    for (const width of [60, 72, 100, 140]) {
      for (const result of [run, hostileRun]) {
        for (const line of render('terminal', result, width).trimEnd().split('\n')) {
          // The name of a question is never cut, nor is a summary.
          if (/^ {4}/.test(line)) expect(widthOf(line), line).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(controls)
        }
      }
    }
  })

  test('the columns of failing rows are aligned by what they take on the screen', () => {
    const lines = render('terminal').split('\n')
    const at = lines.findIndex((line) => line.includes('rows') && line.includes('limit_bal') && line.includes('empty'))
    const [head, first, second] = lines.slice(at, at + 3)
    const end = (line: string | undefined, text: string): number =>
      widthOf((line ?? '').slice(0, (line ?? '').indexOf(text) + text.length))
    expect(end(second, '261000.5')).toBe(end(first, 'missing'))
    expect(end(head, 'limit_bal')).toBe(end(first, 'missing'))
  })

  test('color paints and changes no text', () => {
    const colored = render('terminal', run, 100, true)
    expect(colored).toContain('\u001B[')
    expect(stripVTControlCharacters(colored)).toBe(render('terminal'))
  })

  test('a run with nothing asked', () => {
    expect(render('terminal', { ...run, evidence: [] })).toContain('Nothing was asked.')
  })

  test('what a baseline accepts is said', () => {
    const violated = run.evidence.find(({ statement }) => statement.clause === 'accounts.education.values')
    expect(render('terminal', { ...run, baseline: { accepted: [violated?.id ?? ''] } })).toContain(
      'accounts.education.values (accepted by the baseline)',
    )
  })

  test('layout', () => {
    expect(clip('日本語', 5)).toBe('日本…')
    expect(clip('abc', 3)).toBe('abc')
    expect(clip('abc', 0)).toBe('')
    expect(pad('日本', 6)).toBe('日本  ')
    expect(pad('12', 5, 'left')).toBe('   12')
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
    expect(wrap('x'.repeat(20), 8)).toEqual(['xxxxxxxx', 'xxxxxxxx', 'xxxx'])
    expect(wrap('', 8)).toEqual([''])
  })
})

describe('json', () => {
  const json = testJson(run) as {
    evidence: readonly Record<string, JsonValue>[]
    summary: { clauses: Record<string, string>; counts: Record<string, number> }
  }

  test('has the members of the contract and no others', () => {
    expect(Object.keys(json)).toEqual(['schema', 'spec', 'evidence', 'summary'])
    expect(Object.keys(json.summary)).toEqual(['clauses', 'counts'])
    expect(JSON.parse(render('json'))).toEqual(json)
    expect(json.summary.counts).toEqual({ satisfied: 35, violated: 5, inconclusive: 3, error: 1, skipped: 1 })
    expect(Object.values(json.summary.counts).reduce((a, b) => a + b)).toBe(run.evidence.length)
  })

  test('a clause is as bad as its worst slice', () => {
    expect(json.summary.clauses['ranks-well-by-education']).toBe('inconclusive')
    expect(json.summary.clauses['bills-within-limit']).toBe('violated')
    expect(json.summary.clauses['beats-yesterday']).toBe('skipped')
  })

  test('a statement comes back from its record, int64 and all', () => {
    for (const [i, { id, statement, run: about }] of run.evidence.entries()) {
      const { id: readId, run: readRun, ...rest } = reviveTags(json.evidence[i] ?? null) as Record<string, unknown>
      expect(readId).toBe(id)
      expect(readRun).toEqual(about)
      expect(rest).toEqual(statement)
    }
    expect(render('json')).toContain('"$int64": "9223372036854775807"')
  })

  test('a clause called __proto__ is a clause', () => {
    const [first] = run.evidence
    const odd = { ...(first as Evidence), statement: { ...(first as Evidence).statement, clause: '__proto__' } }
    expect(Object.keys((testJson({ ...run, evidence: [odd] }) as typeof json).summary.clauses)).toEqual(['__proto__'])
  })
})

/** Reads XML strictly: declaration, one root, tags closed in order, quoted attributes, only the five entities, only Char. */
function readXml(xml: string): {
  readonly elements: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[]
} {
  // Production [2] of XML 1.0.
  expect(xml).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u)
  expect(xml.replaceAll(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&')
  const elements: { name: string; attributes: Record<string, string> }[] = []
  const open: string[] = []
  for (const [, close, name = '', attributes = '', empty, text = ''] of xml
    .replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '')
    .matchAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>([^<]*)/g)) {
    expect(text).not.toContain('>')
    if (close === '/') expect(open.pop()).toBe(name)
    else {
      elements.push({
        name,
        attributes: Object.fromEntries(
          [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
        ),
      })
      if (empty !== '/') open.push(name)
    }
  }
  expect(open).toEqual([])
  const tags = (xml.match(/</g) ?? []).length - 1
  expect(tags).toBe((xml.match(/<\/?[a-z]+(?: [a-z]+="[^"<]*")*\/?>/g) ?? []).length)
  return { elements }
}

describe('junit', () => {
  test('counts are those of the cases', () => {
    const { elements } = readXml(render('junit'))
    const [root] = elements
    const count = (name: string): number => elements.filter((each) => each.name === name).length
    expect(Number(root?.attributes['tests'])).toBe(count('testcase'))
    expect(Number(root?.attributes['failures'])).toBe(count('failure'))
    expect(Number(root?.attributes['errors'])).toBe(count('error'))
    expect(Number(root?.attributes['skipped'])).toBe(count('skipped'))
    expect(elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes['name'])).toEqual([
      'data',
      'model',
    ])
  })

  test('what a baseline accepts does not fail', () => {
    const violated = run.evidence.filter(({ statement }) => statement.verdict === 'violated').map(({ id }) => id)
    const { elements } = readXml(render('junit', { ...run, baseline: { accepted: violated } }))
    expect(elements.some(({ name }) => name === 'failure')).toBe(false)
  })

  test('hostile texts stay texts', () => {
    readXml(render('junit', hostileRun))
  })
})

describe('sarif', () => {
  // The schema of OASIS, SARIF 2.1.0 (errata 01), draft-07; formats are not asserted.
  const schema = JSON.parse(
    readFileSync(new URL('./testing/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
  ) as object
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
    schema,
  )

  test.each([
    ['the sample', run],
    ['hostile texts', hostileRun],
    ['nothing asked', { ...run, evidence: [] }],
    ['accepted', { ...run, baseline: { accepted: run.evidence.map(({ id }) => id) } }],
  ] as const)('is valid by the schema: %s', (_, result) => {
    validate(sarifLog(result))
    expect(validate.errors ?? []).toEqual([])
  })

  test('a result per question that is not satisfied, at the place of its clause', () => {
    const log = sarifLog(run) as unknown as {
      runs: [{ tool: { driver: { rules: { id: string }[] } }; results: Record<string, never>[] }]
    }
    const [{ tool, results }] = log.runs
    expect(results).toHaveLength(run.evidence.filter(({ statement }) => statement.verdict !== 'satisfied').length)
    for (const result of results as unknown as { ruleId: string; ruleIndex: number }[])
      expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId)
    const ranks = (results as unknown as { ruleId: string; level: string; locations: unknown }[]).find(
      ({ ruleId }) => ruleId === 'ranks-well',
    )
    expect(ranks).toMatchObject({
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'plumb.yaml' }, region: { startLine: 57, startColumn: 3 } } },
      ],
    })
  })

  test('fingerprints are of clause, relation and slice alone', () => {
    const prints = (result: TestResult): readonly unknown[] =>
      (sarifLog(result) as unknown as { runs: [{ results: { partialFingerprints: unknown }[] }] }).runs[0].results.map(
        (r) => r.partialFingerprints,
      )
    const later = run.evidence.map((each) => ({
      ...each,
      id: 'sha256:other',
      run: { ...each.run, at: '2027-01-01T00:00:00.000Z' },
    }))
    expect(prints({ ...run, evidence: later })).toEqual(prints(run))
    expect(new Set(prints(run).map((print) => JSON.stringify(print))).size).toBe(prints(run).length)
  })
})

describe('markdown', () => {
  test('stays below the limit of a comment, and says what it left out', () => {
    const [violated] = run.evidence.filter(({ statement }) => statement.clause === 'accounts.education.values')
    const many = Array.from(
      { length: 5000 },
      (_, i): Evidence => ({
        ...(violated as Evidence),
        statement: { ...(violated as Evidence).statement, slice: `s${i}` },
      }),
    )
    const text = render('markdown', { ...run, evidence: [...many, ...run.evidence] })
    expect(text.length).toBeLessThanOrEqual(60_000)
    expect(text).toMatch(/… and \d+ more, left out because a comment has a limit\./)
    const long = render('markdown', makeHostile({ ...run, evidence: many.slice(0, 200) }))
    expect(long.length).toBeLessThanOrEqual(60_000)
  })

  test('hostile texts stay texts: no HTML but ours, every table with its columns', () => {
    const text = render('markdown', hostileRun)
    expect(
      text.replaceAll(/(?<![\\`])(`+)(?!`).*?[^`]\1(?!`)|<!-- -->|<\/?(details|summary|sub|code)>/g, ''),
    ).not.toMatch(/<[a-z/!]/i)
    let columns = 0
    for (const line of text.split('\n')) {
      if (!line.startsWith('|')) columns = 0
      else {
        if (columns !== 0) expect(line.split('|').length, line).toBe(columns)
        columns = line.split('|').length
      }
    }
    expect(text).not.toMatch(controls)
    expect(text.replaceAll(/(?<![\\`])(`+)(?!`).*?[^`]\1(?!`)/g, '')).not.toMatch(/@\w/)
  })

  test('says it all in green', () => {
    const green = {
      ...run,
      gate: { open: true, reasons: [], supporting: [], notes: [] },
      evidence: run.evidence.filter(({ statement }) => statement.verdict === 'satisfied'),
    }
    const text = render('markdown', green)
    expect(text).toMatch(/^### ✓ Plumbline/)
    expect(text).toContain('**✓ The gate is open.**')
  })
})

test('every hostile text is in the pool once', () => {
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length)
})
