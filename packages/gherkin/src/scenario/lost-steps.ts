import type { Step as Node } from '@cucumber/messages'
import { diagnose, type Diagnostic, featureDiagnostics as catalog, type SourceFile } from '@plumbline/core'
import { linesOf } from '../document/lines.ts'
import type { StepLibrary } from '../steps/step-library.ts'
import { partOf, textAt } from '../text/placed-text.ts'
import { unqualified } from './qualifiers.ts'

/** Longer lines are prose. */
const LONGEST = 300
const LINE = /^\s*(?:[*+-]\s+)?([^\s#|@*"`]\S*)\s+(\S.*?)\s*$/

/**
 * Lines that say what a step of the library says after a word that is no keyword. Gherkin takes them for words to people, so
 * what they ask would silently not be asked.
 */
export function lostSteps(file: SourceFile, steps: readonly Node[], library: StepLibrary): readonly Diagnostic[] {
  const lines = linesOf(file.text)
  const read = new Set<number>()
  for (const { location, docString } of steps) {
    read.add(location.line)
    const inside = docString === undefined ? 0 : docString.content.split('\n').length + 2
    for (let i = 0; i < inside; i++) read.add((docString?.location.line ?? 0) + i)
  }
  return file.text.split('\n').flatMap((line, i): readonly Diagnostic[] => {
    if (read.has(i + 1) || line.length > LONGEST) return []
    const [, keyword = '', rest = ''] = LINE.exec(line) ?? []
    if (rest === '') return []
    const { start } = lines.bounds(i + 1)
    const written = textAt(line.trimEnd(), file.path, start)
    const from = line.lastIndexOf(rest)
    if (library.match(unqualified(partOf(written, from, from + rest.length)).step) === undefined) return []
    const problem = `\`${keyword}\` is no keyword, so this line is only words for people`
    const fix = 'Begin it with Given, When, Then, And, But or *, and one space.'
    const at = line.length - line.trimStart().length
    return [diagnose(catalog.badGherkin, partOf(written, at, line.trimEnd().length).span, { problem, fix })]
  })
}
