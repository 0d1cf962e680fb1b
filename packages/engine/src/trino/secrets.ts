import { secretOf } from '../engines/secret.ts'
import { found, type Read } from '../relations/failure.ts'
import type { TrinoSecrets } from './address.ts'

/**
 * What shows who asks: a token (JWT) in `TRINO_ACCESS_TOKEN` or the file that `TRINO_ACCESS_TOKEN_FILE` names, a password in `TRINO_PASSWORD` or
 * the file that `TRINO_PASSWORD_FILE` names; files that others may read are refused.
 */
export async function secretsOf(variable: (name: string) => string | undefined): Promise<Read<TrinoSecrets>> {
  const token = await secretOf(variable, {
    variable: 'TRINO_ACCESS_TOKEN',
    file: 'TRINO_ACCESS_TOKEN_FILE',
    what: 'token',
  })
  if (!token.ok) return token
  const password = await secretOf(variable, {
    variable: 'TRINO_PASSWORD',
    file: 'TRINO_PASSWORD_FILE',
    what: 'password',
  })
  if (!password.ok) return password
  return found({
    ...(token.value === undefined ? {} : { token: token.value }),
    ...(password.value === undefined ? {} : { password: password.value }),
  })
}
