import { type Sql, sql, textLiteral } from '@plumbline/core'
import type { QueryError } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, type ReadFailure, unreadable } from './failure.ts'
import type { SourceFile } from './source-files.ts'

/** Whether a source is an object behind S3's protocol. */
export const isRemote = (path: string): boolean => path.startsWith('s3://')

/** An object (or a glob of them) as a file that nothing is known of: what stands behind an address may change at any time. */
export const remoteFile = (path: string): SourceFile => ({ path, name: path, size: 1, modifiedMs: 0 })

/** The environment's credentials, by the names that tools of S3 use. */
type Environment = Readonly<Record<string, string | undefined>>

/**
 * Lets the engine read objects, where its extension is installed: it is loaded, never fetched. Credentials come from the
 * environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`) and
 * are in no message.
 */
export async function openObjectStore(
  session: Session,
  name: string,
  environment: Environment = process.env,
): Promise<Read<true>> {
  const loaded = await session.query(sql`LOAD httpfs`)
  if (!loaded.ok) {
    return unreadable(
      'source-unreadable',
      `"${name}" is an object of S3, and DuckDB's extension \`httpfs\`, which reads those, is not installed here. It is never downloaded by itself. Install it once (\`INSTALL httpfs\` in DuckDB of the same version), or copy the data into the project.`,
    )
  }
  const made = await session.query(sql`CREATE OR REPLACE SECRET plumb_objects (TYPE s3${secretOf(environment)})`)
  if (made.ok) return found(true)
  return unreadable('source-unreadable', `"${name}": the credentials of the environment were refused by DuckDB.`)
}

/** What is said where the store refused who asks: its own word for it, and where credentials come from; undefined for another error. */
export function refusedCredentials(
  name: string,
  { message }: QueryError,
  environment: Environment = process.env,
): ReadFailure | undefined {
  const status = /\bHTTP (?:code )?(401|403)\b/.exec(message)?.[1]
  if (status === undefined) return undefined
  const word = /\b(AccessDenied|ExpiredToken|Invalid[A-Z]\w+|SignatureDoesNotMatch|RequestTimeTooSkewed)\b/.exec(
    message,
  )?.[1]
  const given =
    environment.AWS_ACCESS_KEY_ID === undefined
      ? 'AWS_ACCESS_KEY_ID is not set, so nobody in particular asked. Set it, and AWS_SECRET_ACCESS_KEY'
      : 'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
  return {
    reason: 'source-unreadable',
    cause: `"${name}": the object store refused who asked (${[status, word].filter((part) => part !== undefined).join(' ')}). ${given} (AWS_SESSION_TOKEN where there is one, AWS_REGION, AWS_ENDPOINT_URL), and that they may list and read these objects.`,
  }
}

function secretOf(environment: Environment): Sql {
  const endpoint = environment.AWS_ENDPOINT_URL
  const parts: readonly (readonly [Sql, string | undefined])[] = [
    [sql`, KEY_ID `, environment.AWS_ACCESS_KEY_ID],
    [sql`, SECRET `, environment.AWS_SECRET_ACCESS_KEY],
    [sql`, SESSION_TOKEN `, environment.AWS_SESSION_TOKEN],
    [sql`, REGION `, environment.AWS_REGION],
    [sql`, ENDPOINT `, endpoint?.replace(/^https?:\/\//, '')],
    [sql`, URL_STYLE `, endpoint === undefined ? undefined : 'path'],
  ]
  const given = parts.flatMap(([key, value]) => (value === undefined ? [] : [sql`${key}${textLiteral(value)}`]))
  const insecure = endpoint?.startsWith('http://') === true ? [sql`, USE_SSL false`] : []
  return [...given, ...insecure].reduce((all, each) => sql`${all}${each}`, sql``)
}
