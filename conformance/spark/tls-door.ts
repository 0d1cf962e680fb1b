import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** What a request has to say to be let through. */
export interface Guest {
  readonly token: string
  /** A header, and its value. */
  readonly header: readonly [string, string]
}

/** A door of TLS in front of a server of HTTP/2. */
export interface TlsDoor {
  readonly port: number
  /** The certificate that who knocks has to trust. */
  readonly certificate: string
  close(): Promise<void>
}

/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/). */
const REFUSED = { token: '16', header: '3' } as const

/** Makes a certificate for this machine; false where `openssl` is not installed. */
export function makeCertificate(folder: string): boolean {
  const made = spawnSync('openssl', [
    ...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext'.split(' '),
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
    '-keyout',
    join(folder, 'key.pem'),
    '-out',
    join(folder, 'certificate.pem'),
  ])
  return made.status === 0
}

/** Opens a door on this machine, with the certificate in a folder: TLS ends there, and what it demands of a request it demands of each. */
export async function openTlsDoor(folder: string, upstream: string, { token, header }: Guest): Promise<TlsDoor> {
  const certificate = join(folder, 'certificate.pem')
  const inside = connect(upstream)
  const refuse = (stream: ServerHttp2Stream, status: string, message: string) =>
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status, 'grpc-message': message },
      { endStream: true },
    )
  const server = createSecureServer({ key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(certificate) })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    if (headers.authorization !== `Bearer ${token}`) return refuse(stream, REFUSED.token, 'invalid access token')
    const [name, value] = header
    if (headers[name] !== value) return refuse(stream, REFUSED.header, `missing header ${name}`)
    const { ':authority': _, ...rest } = headers
    const through = inside.request(rest)
    through.on('error', () => stream.close())
    let trailers: IncomingHttpHeaders = {}
    through.on('trailers', (found) => {
      trailers = found
    })
    through.on('response', (found, flags) => {
      // A reply of trailers alone has no body, and its end is already there.
      const END_STREAM = 1
      const endStream = (flags & END_STREAM) !== 0
      stream.respond(found, endStream ? { endStream } : { waitForTrailers: true })
      if (endStream) return
      stream.once('wantTrailers', () => stream.sendTrailers(trailers))
      through.pipe(stream)
    })
    stream.pipe(through)
    stream.once('close', () => through.close())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    async close() {
      inside.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
