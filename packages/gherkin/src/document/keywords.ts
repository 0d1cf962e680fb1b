import { type Dialect, dialects } from '@cucumber/gherkin'
import { nearestName } from '@plumbline/core'

/** The dialect that a text is written in; English where its header names none that there is. */
function dialectOf(text: string): Dialect | undefined {
  return dialects[/^\s*#\s*language\s*:\s*(\S+)/mu.exec(text)?.[1] ?? 'en'] ?? dialects['en']
}

/** The keyword with its colon that the head of a line was probably meant as (`Scneario: …` → `Scenario:`); undefined where it is one. `text` names the dialect. */
export function nearestKeyword(line: string, text: string): string | undefined {
  const written = /^\s*(?:#{1,6}\s+)?([^\s:：#][^:：]*)[:：]/u.exec(line)?.[1]
  const dialect = dialectOf(text)
  if (written === undefined || dialect === undefined) return undefined
  const { feature, background, rule, scenario, scenarioOutline, examples } = dialect
  const known: readonly string[] = [feature, background, rule, scenario, scenarioOutline, examples].flat()
  const near = known.includes(written) ? undefined : nearestName(written, known)
  return near === undefined ? undefined : `${near}:`
}

/** Whether a word begins steps in the dialect of a text. */
export function isStepKeyword(word: string, text: string): boolean {
  return stepKeywords(text).includes(word)
}

/** The keyword that the first word of a line was probably meant as (`Thn …` → `Then`); undefined where it is one, or far from all. */
export function nearestStepKeyword(line: string, text: string): string | undefined {
  const [word = ''] = line.trim().split(/\s/)
  const known = stepKeywords(text).filter((each) => each.length > 2)
  return word.length < 3 || known.includes(word) ? undefined : nearestName(word, known)
}

function stepKeywords(text: string): readonly string[] {
  const dialect = dialectOf(text)
  if (dialect === undefined) return []
  return [dialect.given, dialect.when, dialect.then, dialect.and, dialect.but].flat().map((each) => each.trim())
}
