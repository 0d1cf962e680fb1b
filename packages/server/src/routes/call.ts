/** An HTTP request whose body was read within its limit. */
export interface Call {
  readonly method: string
  /** Path without query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
  /** Whether it came from this machine. */
  readonly local: boolean
}

/** What is answered; `headers` say the type of the body. Each reply has headers of its own, which whoever sends adds to. */
export interface Reply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array
}

const JSON_TYPE = 'application/json'

/** A reply with a JSON body. */
export function jsonReply(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) }
}

/** A reply that says in words why there is no other, as the protocol's error object. */
export function errorReply(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonReply(status, { error }, headers)
}
