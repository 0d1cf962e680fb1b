/** Where a coordinator is, and what it is told with every request. */
export interface TrinoAddress {
  /** `https://host:443`. */
  readonly baseUrl: string
  /** `me@host:443`: who is asked, for messages; never a password. */
  readonly place: string
  readonly headers: Readonly<Record<string, string>>
}

/** What shows who asks, where the address does not. */
export interface TrinoSecrets {
  readonly password?: string
  readonly token?: string
}

/** Hosts of this machine: what is said to them passes no network. */
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Reads `trino://user@host:port/catalog/schema?SSL=true`. As for Trino's own clients port 443 means TLS; so does a secret, but to this
 * machine itself. Undefined where it is no such address.
 */
export function readAddress(text: string, secrets: TrinoSecrets = {}): TrinoAddress | undefined {
  const url = URL.parse(text.replace(/^trino:/, 'http:'))
  // A percent sign that begins no escape.
  if (/%(?![0-9a-fA-F]{2})/.test(text) || url === null || !text.startsWith('trino://') || url.hostname === '')
    return undefined
  const [catalog, schema, ...more] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => unescaped(part))
  if (more.length > 0) return undefined
  const user = unescaped(url.username) || 'plumb'
  const password = unescaped(url.password) || secrets.password
  const authorization =
    secrets.token !== undefined
      ? `Bearer ${secrets.token}`
      : password === undefined
        ? undefined
        : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const asked = url.searchParams.get('SSL') === 'true' || url.port === '443'
  const secure = asked || (authorization !== undefined && !LOCAL.test(url.hostname))
  const port = url.port || (secure ? '443' : '80')
  return {
    baseUrl: `${secure ? 'https' : 'http'}://${url.hostname}:${port}`,
    place: `${user}@${url.hostname}:${port}`,
    headers: {
      'X-Trino-User': user,
      'X-Trino-Source': 'plumb',
      // Timestamps are compared and shown in UTC, and with all their digits.
      'X-Trino-Time-Zone': 'UTC',
      'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
      ...(catalog === undefined ? {} : { 'X-Trino-Catalog': catalog }),
      ...(schema === undefined ? {} : { 'X-Trino-Schema': schema }),
      ...(authorization === undefined ? {} : { authorization }),
    },
  }
}

/** The text without its escapes; one whose escapes are no UTF-8 stays what it is. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
