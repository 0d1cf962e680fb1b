import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../packages/core/src/diagnostics/diagnostic.ts'
import { visible } from '../../packages/core/src/diagnostics/visible-text.ts'
import { parseSpec } from '../../packages/core/src/language/index.ts'
import { positionAt } from '../../packages/core/src/source/source-file.ts'
import type { Span } from '../../packages/core/src/source/span.ts'
import { caseSources } from '../case-sources.ts'

const FOLDER = import.meta.dirname

/** `line:column-column "text"`: a place as a person would author it. */
function place(text: string, span: Span): string {
  const from = positionAt(text, span.start)
  const to = positionAt(text, span.end)
  const end = to.line === from.line ? `${to.column}` : `${to.line}:${to.column}`
  return `${from.line}:${from.column}-${end}`
}

/** The findings in the form of `diagnostics.txt` (see README.md). */
function describeFindings(text: string, diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map((d) => {
      const related = d.related.map((r) => `  also ${place(text, r.span)} ${r.message}\n`).join('')
      const fix = d.fix === undefined ? '' : `  fix: ${d.fix}\n`
      return `${place(text, d.span)} ${d.severity} ${d.code}\n  ${visible(d.message)}\n${related}${fix}`
    })
    .join('')
}

const cases = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())

describe('language corpus', () => {
  it('has its cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(25)
  })
  for (const { name } of cases)
    it(name, async () => {
      const sources = await caseSources(join(FOLDER, name))
      const found = describeFindings(sources.main.text, parseSpec(sources).diagnostics)
      expect(found).toBe(readFileSync(join(FOLDER, name, 'diagnostics.txt'), 'utf8'))
    })
})
