import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * What is wrong with the password file of PostgreSQL's own clients (`PGPASSFILE`, else `~/.pgpass`); undefined where there is none
 * or it may be used: nobody but its owner may read it, as psql asks, too. Windows has no such permissions.
 */
export async function passwordFileProblem(variable: (name: string) => string | undefined): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined
  const file = variable('PGPASSFILE') ?? join(variable('HOME') ?? homedir(), '.pgpass')
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || (found.mode & 0o077) === 0) return undefined
  return `others may read the password file ${file}, so it is not used. Run chmod 0600 on it.`
}
