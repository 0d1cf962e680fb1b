import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import { LIMITS } from './limits.ts'
import { unpacksAsItSays } from './png.ts'
import { probe } from './probe.ts'
import { broken, type Probe } from './shape.ts'

/** An image that was found and looked at. */
export interface FoundImage {
  /** As its cell holds it. */
  readonly value: string
  /** Absolute. */
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
}

/** Where images may be. */
export interface ImagePlace {
  /** The project's directory: nothing outside of it is read. */
  readonly root: string
  /** The directory that names are relative to, relative to the project. */
  readonly folder: string
}

/** The folder that names of images in a source are relative to: that of its files, before the first wildcard. */
export function folderOf(source: string): string {
  const parts = source.split('/')
  const wild = parts.findIndex((part) => /[*?[{]/.test(part))
  return (wild === -1 ? parts.slice(0, -1) : parts.slice(0, Math.min(wild, parts.length - 1))).join('/') || '.'
}

/** Finds the file that a cell names, inside the project, and looks at its bytes. The reason ends "it …". */
export async function findImage(place: ImagePlace, name: string): Promise<Probe<FoundImage>> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return broken('is an address; images are read from files of the project')
  if (name === '' || name.includes('\0') || name.length > 1024) return broken('is no name of a file')
  const path = resolve(place.root, place.folder, name)
  if (isAbsolute(name) || leaves(relative(place.root, path))) return broken('lies outside the project')
  try {
    const info = await stat(path)
    if (!info.isFile()) return broken('is no file')
    if (leaves(relative(await realpath(place.root), await realpath(path))))
      return broken('is a link to a place outside the project')
    if (info.size > LIMITS.bytes) return broken(`has ${info.size} bytes, more than ${LIMITS.bytes}`)
    const read = await look(await readFile(path))
    return read.ok ? { ok: true, value: { value: read.value, path, size: info.size, modifiedMs: info.mtimeMs } } : read
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    return broken(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `is not there (looked for ${posixName(place, name)})`
        : `cannot be read (${code})`,
    )
  }
}

/** What bytes are, as a cell holds it, with a look at how much they unpack to. */
export async function look(bytes: Buffer): Promise<Probe<string>> {
  const read = probe(bytes)
  if (!read.ok || !read.value.startsWith('png:')) return read
  const why = await unpacksAsItSays(bytes)
  return why === undefined ? read : broken(why)
}

const posixName = ({ folder }: ImagePlace, name: string): string => posix.join(folder, name)

function leaves(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
}

/** Where images of a project that are no files of their own are kept. */
export const keptImages = (root: string): string => join(root, '.plumb', 'images')
