import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { glob, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { found, type Read, unreadable } from './failure.ts'

/** One file of a dataset's source, with what tells whether it changed while it was read. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string
  /** As people know it: relative to the project, with `/`. */
  readonly name: string
  readonly size: number
  readonly modifiedMs: number
}

const WILDCARD = /[*?[{]/

/**
 * The files a source path (relative to the project, `*`, `?`, `[…]`, `{…}` and `**` allowed) stands for, sorted by
 * name. A file whose real place is outside the project is refused: a spec is untrusted input.
 */
export async function sourceFiles(root: string, path: string): Promise<Read<readonly SourceFile[]>> {
  if (isAbsolute(path) || escapes(relative(root, resolve(root, path)))) {
    return unreadable('source-unreadable', `The source "${path}" lies outside the project. Name a file inside it.`)
  }
  const names = (await exists(join(root, path))) ? [path] : WILDCARD.test(path) ? await matches(root, path) : []
  if (names.length === 0) {
    const kind = WILDCARD.test(path) ? 'No file matches' : 'There is no file'
    return unreadable('source-missing', `${kind} "${path}". Check \`source\`, or make the file first.`)
  }
  const base = await realpath(root)
  const files: SourceFile[] = []
  for (const name of names) {
    const file = join(root, name)
    try {
      const info = await stat(file)
      if (!info.isFile()) return unreadable('source-unreadable', `"${name}" is not a file.`)
      if (escapes(relative(base, await realpath(file)))) {
        return unreadable('source-unreadable', `"${name}" is a link to a place outside the project.`)
      }
      files.push({ path: file, name: name.split(sep).join('/'), size: info.size, modifiedMs: info.mtimeMs })
    } catch (thrown) {
      return unreadable('source-unreadable', `"${name}" cannot be read: ${messageOf(thrown)}.`)
    }
  }
  return found(files)
}

/**
 * `bytes:sha256:…` of one file; of several, the digest of the list of their digests and names, so that a renamed or
 * moved row block is another source.
 */
export async function sourceDigest(files: readonly SourceFile[]): Promise<Read<string>> {
  const digests: string[] = []
  for (const file of files) {
    const hash = createHash('sha256')
    try {
      for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20 }))
        hash.update(chunk as Uint8Array)
    } catch (thrown) {
      return unreadable('source-unreadable', `"${file.name}" cannot be read: ${messageOf(thrown)}.`)
    }
    digests.push(hash.digest('hex'))
  }
  if (digests.length === 1) return found(`bytes:sha256:${digests[0]}`)
  const list = createHash('sha256')
  files.forEach((file, i) => list.update(`${digests[i]} ${file.name}\n`))
  return found(`bytes:sha256:${list.digest('hex')}`)
}

/** The names of files that are no longer what they were when they were listed. */
export async function changedFiles(files: readonly SourceFile[]): Promise<readonly string[]> {
  const changed: string[] = []
  for (const file of files) {
    const now = await stat(file.path).catch(() => undefined)
    if (now === undefined || now.size !== file.size || now.mtimeMs !== file.modifiedMs) changed.push(file.name)
  }
  return changed
}

/** What went wrong, in one phrase. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

function escapes(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function matches(root: string, pattern: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of glob(pattern, { cwd: root })) names.push(name)
  return names.sort()
}
