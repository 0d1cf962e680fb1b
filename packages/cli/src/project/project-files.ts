import { isAbsolute, join, relative, sep } from 'node:path'
import type { Host } from '@plumbline/core'

/** Files a pattern may match; a walk that finds more ends. */
const MOST_FILES = 500
const MOST_ENTRIES = 20_000
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', '.plumb'])

/** What a pattern stands for: paths relative to the project with `/`, sorted; or why that cannot be said. */
export type MatchedFiles = { readonly paths: readonly string[] } | { readonly problem: string; readonly path: string }

/**
 * The files of a project that a path names, with `*` and `?` for any characters of a name and `**` for any folders.
 * One whose real place is outside the project is refused: a spec is untrusted input.
 */
export async function projectFiles(host: Host, root: string, written: string): Promise<MatchedFiles> {
  const pattern = written.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
  const found: string[] = []
  let seen = 0
  const visit = async (folder: string, rest: readonly string[]): Promise<void> => {
    const [part, ...more] = rest
    if (part === undefined || found.length > MOST_FILES || seen > MOST_ENTRIES) return
    if (part === '**') await visit(folder, more)
    if (part === '..') return
    if (!/[*?]/.test(part)) {
      const path = folder === '' ? part : `${folder}/${part}`
      const stat = await host.files.stat(join(root, path))
      const kind = stat.ok ? stat.value?.kind : undefined
      if (more.length === 0 ? kind === 'file' : kind === 'directory')
        await (more.length === 0 ? Promise.resolve(void found.push(path)) : visit(path, more))
      return
    }
    const listed = await host.files.list(join(root, folder))
    if (!listed.ok) return
    const name = part === '**' ? undefined : nameTest(part)
    for (const entry of listed.value) {
      seen++
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      const real = entry.kind === 'link' ? await host.files.stat(join(root, path)) : undefined
      const kind = real?.ok === true ? real.value?.kind : entry.kind
      if (kind === 'directory' && !SKIPPED.has(entry.name)) {
        // Links to folders are followed by name only: they can lead in circles.
        if (name === undefined && entry.kind === 'directory') await visit(path, rest)
        else if (name?.test(entry.name) === true && more.length > 0) await visit(path, more)
      } else if (kind === 'file' && more.length === 0 && name?.test(entry.name) === true) found.push(path)
    }
  }
  await visit('', pattern)
  const paths = [...new Set(found)].toSorted()
  if (paths.length > MOST_FILES) return { problem: `stands for more than ${MOST_FILES} files`, path: written }
  const base = await host.files.realpath(root)
  for (const path of paths) {
    const real = await host.files.realpath(join(root, path))
    if (!real.ok || !base.ok) return { problem: `cannot be opened: ${real.ok ? '' : real.error.message}`, path }
    const inside = relative(base.value, real.value)
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      return { problem: 'is a link to a place outside the project', path }
  }
  return { paths }
}

const nameTest = (part: string): RegExp => new RegExp(`^${nameSource(part)}$`, 'u')

const nameSource = (part: string): string =>
  part
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]')

/** The same patterns, for who has a list of paths. */
export function pathTest(pattern: string): RegExp {
  const parts = pattern.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
  const sources = parts.map((part, i) => {
    if (part === '**') return i === parts.length - 1 ? '.*' : '(?:[^/]+/)*'
    return `${nameSource(part)}${i === parts.length - 1 ? '' : '/'}`
  })
  return new RegExp(`^${sources.join('')}$`, 'u')
}
