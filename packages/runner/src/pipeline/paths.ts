import { join, relative, isAbsolute, dirname, sep } from 'node:path'
import { type Host, hostOk, type HostResult } from '@plumbline/core'

/** Why a path of a stage is refused by its text alone; `undefined` if it is a plain path inside the project. */
export function pathRefusal(path: string): string | undefined {
  if (path === '' || path.includes('\0') || !path.isWellFormed()) return 'it is empty or holds what no path can hold'
  if (path.includes('\\')) return 'paths are written with /'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'it is absolute'
  const parts = path.split('/')
  if (parts.includes('..')) return 'it leaves the project'
  if (parts.includes('.') || parts.includes('')) return 'it is not in its shortest form'
  if (parts[0]?.toLowerCase() === '.plumb') return 'the directory .plumb is kept by Plumbline'
  return undefined
}

/**
 * Whether a path, with links followed, is inside the project. Of a file that does not exist yet, the nearest directory
 * that does is asked.
 */
export async function staysInside(host: Host, root: string, path: string): Promise<HostResult<boolean>> {
  const base = await host.files.realpath(root)
  if (!base.ok) return base
  for (let at = join(root, path); ; at = dirname(at)) {
    const real = await host.files.realpath(at)
    if (real.ok) {
      const from = relative(base.value, real.value)
      return hostOk(from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from))
    }
    if (real.error.kind !== 'not-found' || dirname(at) === at) return real
  }
}
