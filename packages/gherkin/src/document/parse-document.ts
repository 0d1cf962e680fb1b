import {
  AstBuilder,
  dialects,
  GherkinClassicTokenMatcher,
  GherkinInMarkdownTokenMatcher,
  Parser,
} from '@cucumber/gherkin'
import type { GherkinDocument } from '@cucumber/messages'
import {
  diagnose,
  type Diagnostic,
  featureDiagnostics,
  nearestName,
  type Result,
  type SourceFile,
} from '@plumbline/core'
import { nearestKeyword, nearestStepKeyword } from './keywords.ts'
import { LIMITS } from './limits.ts'
import { linesOf, type Location } from './lines.ts'

/** Names for the nodes of a document: `1`, `2`, …; the same text gives the same names. */
export function counter(prefix = ''): () => string {
  let last = 0
  return () => `${prefix}${++last}`
}

/**
 * Text → the official tree. `.feature.md` is Gherkin in Markdown. Never throws. Where some lines are no Gherkin, they are
 * findings, and the tree is that of the rest, so that one of them hides no mistake elsewhere.
 */
export function parseDocument(file: SourceFile, newId: () => string): Result<GherkinDocument> {
  const whole = { file: file.path, start: 0, end: Math.min(1, file.text.length) }
  if (file.text.length > LIMITS.characters) {
    const size = { what: 'characters', count: file.text.length, limit: LIMITS.characters }
    return { diagnostics: [diagnose(featureDiagnostics.tooLarge, whole, size)] }
  }
  // A letter that was lost would be another name or value, and nobody would notice.
  const lost = /\p{Surrogate}|\uFFFD|\0/u.exec(file.text)
  if (lost !== null) {
    const problem =
      lost[0] === '\uFFFD'
        ? 'it contains bytes that are not UTF-8 (U+FFFD)'
        : lost[0] === '\0'
          ? 'it contains the control character U+0000'
          : 'it holds half a character'
    const span = { file: file.path, start: lost.index, end: lost.index + 1 }
    return { diagnostics: [diagnose(featureDiagnostics.badGherkin, span, { problem, fix: 'Save it as UTF-8.' })] }
  }
  const { document, mistakes } = parseLeniently(file, newId)
  if (mistakes.length === 0 && document?.feature === undefined) {
    const fix = file.path.endsWith('.md') ? 'Begin it with `# Feature: …`.' : 'Begin it with `Feature: …`.'
    return { diagnostics: [diagnose(featureDiagnostics.badGherkin, whole, { problem: 'it has no feature', fix })] }
  }
  const diagnostics = mistakes.slice(0, LIMITS.findings).map((mistake) => findingOf(mistake, file))
  return document?.feature === undefined ? { diagnostics } : { value: document, diagnostics }
}

/** How often the rest is tried: the parser gives up after ten mistakes. */
const MOST_PASSES = 12

/** The document without the lines that cannot be read; the mistakes of each line are those of the first time it was met. */
function parseLeniently(
  file: SourceFile,
  newId: () => string,
): { readonly document?: GherkinDocument; readonly mistakes: readonly Mistake[] } {
  const lines = file.text.split('\n')
  const mistakes: Mistake[] = []
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const matcher = file.path.endsWith('.md') ? new GherkinInMarkdownTokenMatcher() : new GherkinClassicTokenMatcher()
    try {
      return { document: new Parser(new AstBuilder(newId), matcher).parse(lines.join('\n')), mistakes }
    } catch (error) {
      const all = mistakesOf(error)
      // In an unknown dialect nothing else can be read.
      const ofDialect = all.filter(({ message }) => UNSUPPORTED.test(message))
      if (ofDialect.length > 0) return { mistakes: ofDialect }
      const last = Math.max(0, ...mistakes.map(({ location }) => location.line))
      // What is met before the last mistake follows from what was taken out.
      mistakes.push(...all.filter(({ location }) => location.line > last))
      let changed = false
      for (const { location } of all) {
        const line = lines[location.line - 1] ?? ''
        const near = nearestKeyword(line, file.text)
        const instead = near === undefined ? '' : line.replace(/[^\s:：#][^:：]*[:：]/u, near)
        if (line.trim() === '' || instead === line) continue
        lines[location.line - 1] = instead
        changed = true
      }
      if (!changed) break
    }
  }
  return { mistakes }
}

function findingOf({ message, location }: Mistake, file: SourceFile): Diagnostic {
  const lines = linesOf(file.text)
  const { start, end } = lines.bounds(location.line)
  const at = Math.min(lines.offset(location), end)
  const span = { file: file.path, start: Math.max(start, at), end: Math.max(end, at) }
  const dialect = UNSUPPORTED.exec(message)?.[1]
  if (dialect === undefined) return diagnose(featureDiagnostics.badGherkin, span, wordsOf(message, file.text))
  const known = Object.keys(dialects)
  const near = nearestName(dialect, known)
  return diagnose(featureDiagnostics.unknownDialect, span, { name: dialect, near, count: known.length })
}

const UNSUPPORTED = /Language not supported: (.*)$/

interface Mistake {
  readonly message: string
  readonly location: Location
}

/** The mistakes an exception of the parser holds; anything else is our bug and goes on. */
function mistakesOf(error: unknown): readonly Mistake[] {
  if (!(error instanceof Error)) throw error
  const { errors } = error as { readonly errors?: readonly unknown[] }
  if (errors !== undefined) return errors.flatMap(mistakesOf)
  const { location } = error as { readonly location?: Location }
  if (location === undefined) throw error
  return [{ message: error.message.replace(/^\(\d+:\d+\): /, ''), location }]
}

const TOKENS: Readonly<Record<string, string>> = {
  TableRow: 'a table row',
  DocStringSeparator: 'a text in quotes',
  StepLine: 'a step',
  TagLine: 'tags',
  ExamplesLine: 'examples',
  ScenarioLine: 'a scenario',
  RuleLine: 'a rule',
  FeatureLine: '`Feature: …`',
  BackgroundLine: 'a background',
  Language: '`# language: …`',
  EOF: 'the end of the file',
}

function wordsOf(message: string, text: string): { readonly problem: string; readonly fix?: string } {
  const found = /^(?:unexpected end of file, )?expected: (.*?)(?:, got '([^]*)')?$/.exec(message)
  if (found === null)
    return /cell count/.test(message)
      ? { problem: 'the rows of the table differ in length', fix: 'Give each row as many cells as the first.' }
      : { problem: message }
  const expected = (found[1] ?? '').split(', ').flatMap((token) => TOKENS[token.slice(1)] ?? [])
  const got = found[2] === undefined ? 'the file ends' : 'a line of this kind cannot stand'
  const near = nearestKeyword(found[2] ?? '', text) ?? nearestStepKeyword(found[2] ?? '', text)
  if (near !== undefined) return { problem: `${got} here`, fix: `Did you mean \`${near}\`?` }
  const fix = expected.length === 0 ? {} : { fix: `What can stand here: ${expected.join(', ')}.` }
  return { problem: `${got} here`, ...fix }
}
