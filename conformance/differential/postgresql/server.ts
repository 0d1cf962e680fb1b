import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A running server: reached by its socket only, with nothing in it. */
export interface PostgresqlServer {
  /** The folder of the socket, which clients take for the host. */
  readonly host: string
  readonly user: string
  readonly database: string
  /** Stops the server and removes its folder. */
  stop(): Promise<void>
}

const USER = 'plumbline'
/** Not privileged anywhere. PostgreSQL refuses to run as root. */
const NOBODY = 65534

/** Where Debian and others put the programs; the newest version first. */
function programs(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(root, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** Why no server can be started here; undefined where one can. */
export const noServer = (): string | undefined =>
  programs() === undefined ? 'PostgreSQL is not installed (apt-get install postgresql)' : undefined

/**
 * Runs the server until its own input ends: it stops with the process that started it, however that one ends. Then the
 * folder is removed.
 */
const KEEPER = `
folder=$1; shift
"$@" &
server=$!
trap 'kill -INT $server' TERM INT
read -r _
kill -INT $server
wait $server
rm -rf "$folder"
`

/** Settings that change how a statement is read or shown, set as no sane person would: nothing may depend on them. */
const HOSTILE = [
  'timezone=America/New_York',
  'datestyle=SQL, DMY',
  'intervalstyle=sql_standard',
  'standard_conforming_strings=off',
  'transform_null_equals=on',
  'escape_string_warning=off',
]
const PLAIN = [
  'listen_addresses=',
  'fsync=off',
  'autovacuum=off',
  'max_connections=8',
  'shared_buffers=16MB',
  'jit=off',
]

/** Starts an empty server in a folder of its own, on a socket there. Its texts sort as people of one language expect. */
export async function startServer(): Promise<PostgresqlServer> {
  const bin = programs()
  if (bin === undefined) throw new Error(noServer())
  const host = mkdtempSync(join(tmpdir(), 'plumb-pg-'))
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if ('uid' in identity) chownSync(host, NOBODY, NOBODY)
  const data = join(host, 'data')
  const initialise = (collation: readonly string[]) =>
    spawnSync(
      join(bin, 'initdb'),
      ['-D', data, '-U', USER, '-A', 'trust', '--encoding=UTF8', '--no-sync', ...collation],
      { ...identity, cwd: host, encoding: 'utf8' },
    )
  // Not every build has ICU; those without sort by the system's locale.
  const icu = initialise(['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'])
  const made = icu.status === 0 ? icu : initialise([])
  if (made.status !== 0) {
    rmSync(host, { recursive: true, force: true })
    throw new Error(`initdb failed: ${made.stderr}`)
  }
  const settings = [...HOSTILE, ...PLAIN].flatMap((setting) => ['-c', setting])
  const keeper = spawn(
    '/bin/sh',
    ['-c', KEEPER, 'keeper', host, join(bin, 'postgres'), '-D', data, '-k', host, ...settings],
    {
      ...identity,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
  await ready(keeper)
  return {
    host,
    user: USER,
    database: 'postgres',
    stop: async () => {
      const ended = new Promise((resolve) => keeper.once('close', resolve))
      keeper.stdin?.end()
      await ended
    },
  }
}

/** Resolves when the server says that it takes connections. */
function ready(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    keeper.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      if (said.includes('ready to accept connections')) resolve()
    })
    keeper.once('close', () => reject(new Error(`The server ended: ${said}`)))
  })
}
