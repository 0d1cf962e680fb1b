import { dirname, join } from 'node:path'
import { canonicalJson, type Host, hostOk, type HostResult } from '@plumbline/core'
import type { RunContext } from './context.ts'
import { pathRefusal } from './paths.ts'
import type { Stage } from './stage.ts'

/** The files that the outputs of a stage replace. */
export type Aside = {
  /** Removes what the stage left and puts the files back as they were. */
  readonly putBack: () => Promise<HostResult<void>>
  /** Gives the old files up, after the stage has made new ones. */
  readonly discard: () => Promise<HostResult<void>>
}

const SUFFIX = '.before'
const MANIFEST = 'manifest.json'

/**
 * Moves the present outputs of a stage out of the way: what exists afterwards was made by this execution, and a failed
 * or interrupted one leaves the project as it was. A manifest comes first, so that `recoverAside` can undo it.
 */
export async function moveAside(context: RunContext, stage: Stage): Promise<HostResult<Aside>> {
  const { host, root } = context
  const directory = join(context.directory, `${stage.name}${SUFFIX}`)
  const makes = [...new Set(stage.makes)]
  const made = await host.files.mkdir(directory)
  const noted = made.ok ? await host.files.writeAtomic(join(directory, MANIFEST), canonicalJson({ makes })) : made
  if (!noted.ok) return noted

  const putBack = async (): Promise<HostResult<void>> => {
    for (const path of makes) {
      const removed = await host.files.remove(join(root, path))
      if (!removed.ok) return removed
    }
    return restoreAll(host, root, directory, makes)
  }
  for (const [index, path] of makes.entries()) {
    const moved = await moveOne(host, join(root, path), join(directory, String(index)))
    if (moved.ok) continue
    await restoreAll(host, root, directory, makes)
    return moved
  }
  return hostOk({ putBack, discard: () => host.files.remove(directory) })
}

/**
 * Puts back what a run that was killed had moved aside. Only for one who knows that no run is going on. What cannot be
 * read is left where it is.
 */
export async function recoverAside(host: Host, root: string, runs: string): Promise<HostResult<void>> {
  const found = await host.files.list(runs)
  if (!found.ok) return found.error.kind === 'not-found' ? hostOk(undefined) : found
  for (const run of found.value) {
    const inside = run.kind === 'directory' ? await host.files.list(join(runs, run.name)) : hostOk([])
    if (!inside.ok) return inside
    for (const { name } of inside.value.filter((entry) => entry.name.endsWith(SUFFIX))) {
      const directory = join(runs, run.name, name)
      const manifest = await host.files.readFile(join(directory, MANIFEST))
      const makes = manifest.ok ? readManifest(new TextDecoder().decode(manifest.value)) : undefined
      const restored = makes === undefined ? hostOk(undefined) : await restoreAll(host, root, directory, makes)
      if (!restored.ok) return restored
    }
  }
  return hostOk(undefined)
}

function readManifest(text: string): readonly string[] | undefined {
  try {
    const manifest: unknown = JSON.parse(text)
    const makes: unknown =
      typeof manifest === 'object' && manifest !== null && 'makes' in manifest ? manifest.makes : []
    const isPath = (path: unknown): path is string => typeof path === 'string' && pathRefusal(path) === undefined
    return Array.isArray(makes) && makes.every(isPath) ? makes : undefined
  } catch {
    return undefined
  }
}

async function moveOne(host: Host, from: string, to: string): Promise<HostResult<void>> {
  const ready = await host.files.mkdir(dirname(from))
  const found = ready.ok ? await host.files.stat(from) : ready
  if (!found.ok) return found
  return found.value === undefined ? hostOk(undefined) : move(host, from, to)
}

/** Each file that was moved goes back, over whatever is in its place; then the directory goes. */
async function restoreAll(
  host: Host,
  root: string,
  directory: string,
  makes: readonly string[],
): Promise<HostResult<void>> {
  for (const [index, path] of makes.entries()) {
    const kept = join(directory, String(index))
    const found = await host.files.stat(kept)
    if (!found.ok) return found
    if (found.value === undefined) continue
    const ready = await host.files.mkdir(dirname(join(root, path)))
    const back = ready.ok ? await move(host, kept, join(root, path)) : ready
    if (!back.ok) return back
  }
  return host.files.remove(directory)
}

/** A rename, or a copy where the two places are on different disks. */
async function move(host: Host, from: string, to: string): Promise<HostResult<void>> {
  const renamed = await host.files.rename(from, to)
  if (renamed.ok || renamed.error.kind !== 'io') return renamed
  const copied = await host.files.copy(from, to)
  return copied.ok ? host.files.remove(from) : copied
}
