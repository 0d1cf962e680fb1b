import { secretOf } from '../engines/secret.ts'
import type { Read } from '../relations/failure.ts'

/**
 * The token that a session is opened with where its address holds none: `SPARK_CONNECT_AUTHENTICATE_TOKEN`, as for Spark's own
 * clients, or the text of the file that `SPARK_CONNECT_TOKEN_FILE` names, which nobody but its owner may read. Undefined without either.
 */
export function tokenOf(variable: (name: string) => string | undefined): Promise<Read<string | undefined>> {
  return secretOf(variable, {
    variable: 'SPARK_CONNECT_AUTHENTICATE_TOKEN',
    file: 'SPARK_CONNECT_TOKEN_FILE',
    what: 'token',
  })
}
