import type { QueryError } from '../duckdb/failure.ts'
import type { ReadFailure } from './failure.ts'
import { isRemote, refusedCredentials } from './object-store.ts'
import { oddLine } from './odd-line.ts'
import type { SourceFile } from './source-files.ts'

/** What a person can do about a source that the engine refused. */
export async function readFailure(error: QueryError, files: readonly SourceFile[]): Promise<ReadFailure> {
  if (error.code === 'out-of-memory') {
    return { reason: 'engine-failed', cause: `There was not enough memory to read the source: ${error.cause}` }
  }
  const file = files.find((each) => error.message.includes(each.path))?.name ?? files[0]?.name ?? ''
  const refused = isRemote(files[0]?.path ?? '') ? refusedCredentials(file, error) : undefined
  if (refused !== undefined) return refused
  const ragged = /CSV Error on Line: (\d+)[\s\S]*?Expected Number of Columns: (\d+) Found: (\d+)/.exec(error.message)
  if (ragged !== null) {
    const [, line, expected, seen] = ragged
    return {
      reason: 'source-unreadable',
      cause: `"${file}", line ${line}: ${seen} ${seen === '1' ? 'field' : 'fields'} where the header has ${expected}. Quote fields that hold the delimiter, or repair the line; no row was judged.`,
    }
  }
  const quote = /CSV Error on Line: (\d+)[\s\S]*?unterminated quote/.exec(error.message)
  const isNoCsv = /state machine reached an invalid state/.test(error.message)
  if (quote !== null || isNoCsv) {
    const named = files.find(({ name }) => name === file)
    const odd = named === undefined ? undefined : await oddLine(named)
    const what =
      odd !== undefined
        ? `, line ${odd.line}: ${odd.what}; no row was judged.`
        : quote !== null
          ? `, line ${quote[1]}: a quote is not closed. Close it, or double quotes inside a field; no row was judged.`
          : ' is not a CSV file by RFC 4180: it mixes line ends, or has text after a closing quote.'
    return { reason: 'source-unreadable', cause: `"${file}"${what}` }
  }
  const json = /Malformed JSON in file "[^"]*", at byte (\d+) in (?:line|record\/value) (\d+): ([\s\S]*?)\.?\s*$/.exec(
    error.cause,
  )
  if (json !== null) {
    const [, byte, line, why] = json
    return {
      reason: 'source-unreadable',
      cause: `"${file}", ${/ in line /.test(error.cause) ? 'line' : 'object'} ${line}, byte ${byte}: not JSON (${why}). Repair it; no row was judged.`,
    }
  }
  const cause = files.reduce((text, { path, name }) => text.replaceAll(path, name), error.cause)
  return { reason: 'source-unreadable', cause: `"${file}" cannot be read: ${cause}` }
}
