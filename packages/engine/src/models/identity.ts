import { join, resolve } from 'node:path'
import {
  canonicalJson,
  digestBytes,
  type Digest,
  type Host,
  type ProgramModel,
  type ProgramRunner,
  digestOf,
} from '@plumbline/core'
import type { ModelFile } from '../model-stage/model-shelf.ts'

/** Where identities are looked for. */
export interface IdentityPorts {
  readonly host: Host
  /** The project's directory. */
  readonly root: string
}

/** A version that is no file: what identifies it, and the digest of that. */
export interface IdentifiedModel extends ModelFile {
  readonly digest: Digest
  readonly identity: string
}

/**
 * What identifies a model that is no file of this process, and its digest: of a column, which columns they are (the rows
 * have a digest of their own); of a command, its arguments and the bytes of every file among them that is there, of `file` and
 * of `files` (not the interpreter, nor what it imports: those the worker states, and evidence records); of a server, its
 * address as written and what it states of the model. Undefined where a file is not there. `candidate` takes the place of `file`.
 */
export async function identifyModel(
  model: ProgramModel,
  ports: IdentityPorts,
  candidate?: string,
): Promise<IdentifiedModel | undefined> {
  const { runner } = model
  switch (runner?.kind) {
    case 'column':
      return named('', { runner: 'column', dataset: model.from, columns: runner.columns })
    case 'command':
      return commandIdentity(runner, ports, candidate)
    case 'http': {
      const { statedByServer } = await import('./http/stated.ts')
      const { kind, timeoutMs: _, batch: __, token: ___, retries: ____, budget: _____, ...asked } = runner
      return named('', { runner: kind, ...asked, server: await statedByServer(runner, ports.host) })
    }
    default:
      return undefined
  }
}

async function commandIdentity(
  runner: Extract<ProgramRunner, { kind: 'command' }>,
  { host, root }: IdentityPorts,
  candidate: string | undefined,
): Promise<IdentifiedModel | undefined> {
  const file = candidate ?? runner.file
  const files: Record<string, Digest> = {}
  for (const path of [...(file === undefined ? [] : [file]), ...runner.files]) {
    const digest = await digestOfPath(host, resolve(root, path))
    if (digest === undefined) return undefined
    // The candidate stands where the file does: the same bytes are the same model, however the file is called.
    files[path === file ? 'file' : path] = digest
  }
  for (const argument of runner.command.slice(1)) {
    if (!/^[\w.][\w./-]*$/.test(argument) || argument.split('/').includes('..')) continue
    const digest = await host.files.digest(resolve(root, argument))
    if (digest.ok) files[argument] = digest.value
  }
  return named(file === undefined ? '' : resolve(root, file), { runner: 'command', command: runner.command, files })
}

/** A model may be a folder (MLflow): then of the names and digests of all files in it. */
async function digestOfPath(host: Host, path: string): Promise<Digest | undefined> {
  const digest = await host.files.digest(path)
  if (digest.ok) return digest.value
  const found = await filesBelow(host, path, '')
  return found === undefined || found.length === 0 ? undefined : digestOf(found)
}

const MOST_FILES = 10_000

async function filesBelow(
  host: Host,
  folder: string,
  prefix: string,
): Promise<readonly (readonly [string, Digest])[] | undefined> {
  const entries = await host.files.list(folder)
  if (!entries.ok) return undefined
  const found: (readonly [string, Digest])[] = []
  for (const { name, kind } of entries.value) {
    const path = join(folder, name)
    // What Python compiled of the files there is no part of them. Links are not followed.
    if (name === '__pycache__' || (kind !== 'file' && kind !== 'directory')) continue
    const below = kind === 'directory' ? await filesBelow(host, path, `${prefix}${name}/`) : undefined
    const digest = kind === 'file' ? await host.files.digest(path) : undefined
    if (digest?.ok === false || found.length > MOST_FILES) return undefined
    found.push(...(below ?? []), ...(digest === undefined ? [] : [[`${prefix}${name}`, digest.value] as const]))
  }
  return found
}

function named(path: string, what: Readonly<Record<string, unknown>>): IdentifiedModel {
  const identity = canonicalJson(what)
  return { path, digest: digestBytes(identity), identity }
}
