import { readFile, stat } from 'node:fs/promises'
import { found, type Read, unreadable } from '../relations/failure.ts'

/** Where a secret may be: a variable that holds it, and one that names a file with it. */
export interface SecretPlaces {
  readonly variable: string
  readonly file: string
  /** What it is, for messages: `token`. */
  readonly what: string
}

/** A secret of the environment: its own variable, or the text of a file which nobody but its owner may read. Undefined without either. */
export async function secretOf(
  environment: (name: string) => string | undefined,
  places: SecretPlaces,
): Promise<Read<string | undefined>> {
  const secret = environment(places.variable)
  if (secret !== undefined && secret !== '') return found(secret)
  const file = environment(places.file)
  if (file === undefined || file === '') return found(undefined)
  try {
    const { mode } = await stat(file)
    // Windows has no such permissions.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      return unreadable(
        'engine-unreachable',
        `others may read the ${places.what} file ${file}, so it is not used. Run chmod 0600 on it.`,
      )
    return found((await readFile(file, 'utf8')).trim())
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    return unreadable('engine-unreachable', `the ${places.what} file ${file} cannot be read: ${cause}.`)
  }
}
