import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, isDigest } from '@plumbline/core'
import { nodeHost, openArtifacts, openLedger, openRegistry } from '@plumbline/store'
import { PLUMB, ROOT, scratch } from './plumb.ts'

const INDEPENDENT = join(ROOT, 'tests', 'independent')

/** What a server says when it is ready. */
export interface Ready {
  readonly role: string
  readonly url: string
  readonly model: string
  readonly digest: string
  readonly pid: number
  readonly instance: string
  readonly tokenFile: string
}

/** A running `plumb guard` or `plumb stage`. */
export interface Served {
  readonly ready: Ready
  readonly process: ChildProcess
  /** What it has said on the error stream. */
  readonly err: () => string
  /** Tells it to stop; its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** A project with the spec and models of the independent tests, and a section added to the spec. */
export function modelProject(name: string, section: string): string {
  const folder = scratch(name)
  cpSync(join(INDEPENDENT, 'models'), join(folder, 'models'), { recursive: true })
  const text = readFileSync(join(INDEPENDENT, 'specs', 'models.plumb.yaml'), 'utf8')
  writeFileSync(join(folder, 'plumb.yaml'), `${text.trimEnd()}\n${section}`)
  return folder
}

/** Makes a file the champion, as an open gate allows it. */
export async function promoteFile(folder: string, file: string): Promise<Digest> {
  const host = nodeHost()
  const ledger = openLedger(host, join(folder, '.plumb', 'ledger'))
  const artifacts = openArtifacts(host, join(folder, '.plumb', 'artifacts'))
  const artifactPath = join(folder, file)
  const digest = await host.files.digest(artifactPath)
  if (!digest.ok || !isDigest(digest.value)) throw new Error(`no digest of ${file}`)
  const gate = await ledger.append([{ kind: 'gate', model: 'champion', candidate: digest.value, open: true }])
  const gateRecord = gate.ok ? gate.value.at(-1) : undefined
  if (gateRecord === undefined) throw new Error('the gate was not recorded')
  const request = { model: 'champion', artifactPath, digest: digest.value, gateRecord }
  const promoted = await openRegistry(host, ledger, artifacts).promote(request)
  if (!promoted.ok) throw new Error(promoted.failure.kind)
  return digest.value
}

/** The events that the ledger of a project holds, oldest first. */
export async function eventsOf(folder: string): Promise<readonly unknown[]> {
  const ledger = openLedger(nodeHost(), join(folder, '.plumb', 'ledger'))
  const found = await ledger.select(({ body }) => body.kind === 'event')
  if (!found.ok) throw new Error(found.failure.kind)
  return found.value.map(({ body }) => body['event'])
}

/** Starts a verb that serves, and waits until it is ready. Rejects with what it said when it ends instead. */
export function served(folder: string, ...args: readonly string[]): Promise<Served> {
  return servedBy({}, folder, ...args)
}

/** The same, with modules loaded before the command and variables for them. */
export function servedBy(
  { preload = [], env = {} }: { readonly preload?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
  folder: string,
  ...args: readonly string[]
): Promise<Served> {
  const imports = preload.flatMap((file) => ['--import', file])
  const child = spawn(process.execPath, [...imports, PLUMB, '-C', folder, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString()
      if (!out.includes('\n')) return
      resolve({
        ready: JSON.parse(out) as Ready,
        process: child,
        err: () => err,
        stop: (signal = 'SIGTERM') => {
          child.kill(signal)
          return ended
        },
      })
    })
    void ended.then((code) => reject(new Error(`ended with ${code}: ${out}${err}`)))
  })
}
