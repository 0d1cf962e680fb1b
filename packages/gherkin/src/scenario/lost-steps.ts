import type { Step as Node } from '@cucumber/messages'
import { diagnose, type Diagnostic, featureDiagnostics as catalog, type SourceFile } from '@plumbline/core'
import { isStepKeyword, nearestKeyword } from '../document/keywords.ts'
import { linesOf } from '../document/lines.ts'
import type { StepLibrary } from '../steps/step-library.ts'
import { partOf, textAt, trimmed } from '../text/placed-text.ts'
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
  /** The line above a lost step that was meant to begin its scenario. */
  const misspeltAbove = ({ text, path }: SourceFile, step: number): Diagnostic | undefined => {
    const above = text.split('\n').slice(0, step)
    const head = above.findLastIndex((line, i) => !read.has(i + 1) && nearestKeyword(line, text) !== undefined)
    const near = nearestKeyword(above[head] ?? '', text)
    if (near === undefined) return undefined
    const { start, end } = lines.bounds(head + 1)
    const problem = 'the line begins with no keyword, so the steps below it are only words for people'
    const fix = `Did you mean \`${near}\`?`
    return diagnose(catalog.badGherkin, trimmed(textAt(text.slice(start, end), path, start)).span, { problem, fix })
  }
  return file.text.split('\n').flatMap((line, i): readonly Diagnostic[] => {
    if (read.has(i + 1) || line.length > LONGEST) return []
    const [, keyword = '', rest = ''] = LINE.exec(line) ?? []
    if (rest === '') return []
    const { start } = lines.bounds(i + 1)
    const written = textAt(line.trimEnd(), file.path, start)
    const from = line.lastIndexOf(rest)
    if (library.match(unqualified(partOf(written, from, from + rest.length)).step) === undefined) return []
    const head = isStepKeyword(keyword, file.text) ? misspeltAbove(file, i) : undefined
    if (head !== undefined) return [head]
    const problem = `\`${keyword}\` is no keyword, so this line is only words for people`
    const fix = 'Begin it with Given, When, Then, And, But or *, and one space.'
    const at = line.length - line.trimStart().length
    return [diagnose(catalog.badGherkin, partOf(written, at, line.trimEnd().length).span, { problem, fix })]
  })
}
