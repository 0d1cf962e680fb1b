/** Where a server of Spark Connect is, and what it is told with every request. */
export interface SparkAddress {
  /** `https://host:443`. */
  readonly baseUrl: string
  /** `me@host:443`: who is asked, for messages; never a token. */
  readonly place: string
  readonly user: string
  readonly headers: Readonly<Record<string, string>>
}

const ADDRESS = /^sc:\/\/(\[[0-9a-fA-F:.]+\]|[^\s/:;?#@]+)(?::(\d{1,5}))?(?:\/(?:;(.*))?)?$/
const PORT = '15002'
/** Hosts of this machine: what is said to them passes no network. */
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Reads an address as Spark's own clients do (connect/docs/client-connection-string.md of Apache Spark):
 * `sc://host:port/;use_ssl=true;token=…;user_id=…`; parameters without a meaning of their own are headers, as the
 * `x-databricks-cluster-id` of Databricks. A token implies TLS, but to this machine itself. Undefined where it is no such address.
 */
export function readAddress(text: string, token?: string): SparkAddress | undefined {
  const [, host, port = PORT, rest = ''] = ADDRESS.exec(text) ?? []
  if (host === undefined) return undefined
  const parameters = new Map<string, string>()
  for (const each of rest.split(';').filter((part) => part !== '')) {
    const at = each.indexOf('=')
    const value = at <= 0 ? undefined : unescaped(each.slice(at + 1))
    if (value === undefined) return undefined
    parameters.set(each.slice(0, at), value)
  }
  const take = (name: string): string | undefined => {
    const value = parameters.get(name)
    parameters.delete(name)
    return value
  }
  const bearer = take('token') ?? token
  const ssl = take('use_ssl')
  const user = take('user_id') ?? 'plumb'
  for (const own of ['user_agent', 'session_id']) take(own)
  const secure = ssl === 'true' || (bearer !== undefined && !LOCAL.test(host))
  return {
    baseUrl: `${secure ? 'https' : 'http'}://${host}:${port}`,
    place: `${user}@${host}:${port}`,
    user,
    headers: {
      ...Object.fromEntries(parameters),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
  }
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
