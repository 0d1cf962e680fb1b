import { readFile, stat } from 'node:fs/promises'
import { unreadable, type Read, found } from '../relations/failure.ts'

/**
 * The token that a session is opened with where its address holds none: `SPARK_CONNECT_AUTHENTICATE_TOKEN`, as for Spark's own
 * clients, or the text of the file that `SPARK_CONNECT_TOKEN_FILE` names, which nobody but its owner may read. Undefined without either.
 */
export async function tokenOf(variable: (name: string) => string | undefined): Promise<Read<string | undefined>> {
  const token = variable('SPARK_CONNECT_AUTHENTICATE_TOKEN')
  if (token !== undefined && token !== '') return found(token)
  const file = variable('SPARK_CONNECT_TOKEN_FILE')
  if (file === undefined || file === '') return found(undefined)
  try {
    const { mode } = await stat(file)
    // Windows has no such permissions.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      return unreadable(
        'engine-unreachable',
        `others may read the token file ${file}, so it is not used. Run chmod 0600 on it.`,
      )
    return found((await readFile(file, 'utf8')).trim())
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    return unreadable('engine-unreachable', `the token file ${file} cannot be read: ${cause}.`)
  }
}
