import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import type { Reader } from '../reader/reader.ts'
import { rawText } from '../reader/scalars.ts'
import { truthWords } from './truth-format.ts'

const EXPECTS = 'how times or truth values are written, such as `"%m/%d/%Y"`, `epoch_s` or `Yes/No`'

/** Counts since 1970-01-01 UTC, and how many of them a second has. */
export const EPOCHS = { epoch_s: 1, epoch_ms: 1_000, epoch_us: 1_000_000 } as const

/** The directives of strptime (C locale) that every reader of ours takes alike: `%Z` and local names mean something else on each machine, and a 366th day (`%j`) of 365 is another year in DuckDB. */
const DIRECTIVES = new Set('YymdbBHIMSfpz%')

/** `format` of a column of timestamps, or of truth values; which of them it is says the type of the column. */
export const columnFormat: Reader<Located<string>> = {
  expects: EXPECTS,
  schema: { type: 'string', minLength: 1, description: EXPECTS },
  read: (node, context) => {
    const written = rawText.read(node, context)
    if (written === undefined) return undefined
    const fix = problemOf(written.value)
    if (fix === undefined) return written
    context.report(diagnose(catalog.badLiteral, written.span, { text: written.value, expects: EXPECTS, fix }))
    return undefined
  },
}

/** What to write instead; undefined where it is a format. */
function problemOf(format: string): string | undefined {
  if (Object.hasOwn(EPOCHS, format) || truthWords(format) !== undefined) return undefined
  const directives = [...format.matchAll(/%(.?)/gsu)].map(([, directive = '']) => directive)
  const unknown = directives.find((each) => !DIRECTIVES.has(each))
  if (unknown !== undefined)
    return `\`%${unknown}\` is not read. These are: ${[...DIRECTIVES].map((each) => `%${each}`).join(' ')}.`
  const has = (...any: readonly string[]): boolean => any.some((each) => directives.includes(each))
  if (directives.length === 0)
    return `Write directives of strptime, one of ${Object.keys(EPOCHS).join(', ')}, or of a boolean what is true and what is false: \`Yes/No\`. The form of texts is a clause: \`matches(…)\`.`
  const real = directives.filter((each) => each !== '%')
  if (new Set(real).size < real.length) return 'Name each part of the time once.'
  if (has('Y') === has('y')) return 'A time needs its year, once: `%Y` (2026), or `%y` (26).'
  if (has('I') !== has('p')) return '`%I` (12 hours) and `%p` (AM, PM) belong together; 24 hours are `%H`.'
  if (has('d') && !has('m', 'b', 'B')) return 'A day needs its month: `%m` (1 to 12), `%b` (Jan) or `%B` (January).'
  if ((has('M') && !has('H', 'I')) || (has('S') && !has('M')) || (has('f') && !has('S')))
    return 'Name the larger parts, too: a second needs its minute, a minute its hour.'
  return undefined
}
