import { dirname, join } from 'node:path'
import { hostOk, type Host, type HostResult } from '@plumbline/core'
import type { RunContext } from './context.ts'
import type { Stage } from './stage.ts'

/** The files that the outputs of a stage replace. */
export type Aside = {
  /** Removes what the stage left and puts the files back as they were. */
  readonly putBack: () => Promise<HostResult<void>>
  /** Gives the old files up, after the stage has made new ones. */
  readonly discard: () => Promise<HostResult<void>>
}

/**
 * Moves the present outputs of a stage out of the way: what exists afterwards was made by this execution, and a failed
 * or interrupted one leaves the project as it was.
 */
export async function moveAside(context: RunContext, stage: Stage): Promise<HostResult<Aside>> {
  const { host, root } = context
  const directory = join(context.directory, `${stage.name}.before`)
  const made = await host.files.mkdir(directory)
  if (!made.ok) return made
  const moved: { readonly from: string; readonly to: string }[] = []

  const putBack = async (): Promise<HostResult<void>> => {
    for (const path of stage.makes) {
      const removed = await host.files.remove(join(root, path))
      if (!removed.ok) return removed
    }
    for (const { from, to } of moved) {
      const back = await move(host, to, from)
      if (!back.ok) return back
    }
    return host.files.remove(directory)
  }

  for (const [index, path] of [...new Set(stage.makes)].entries()) {
    const from = join(root, path)
    const ready = await host.files.mkdir(dirname(from))
    const found = ready.ok ? await host.files.stat(from) : ready
    if (!found.ok) return found
    if (found.value === undefined) continue
    const to = join(directory, String(index))
    const away = await move(host, from, to)
    if (!away.ok) {
      for (const each of moved) await move(host, each.to, each.from)
      return away
    }
    moved.push({ from, to })
  }
  return hostOk({ putBack, discard: () => host.files.remove(directory) })
}

/** A rename, or a copy where the two places are on different disks. */
async function move(host: Host, from: string, to: string): Promise<HostResult<void>> {
  const renamed = await host.files.rename(from, to)
  if (renamed.ok || renamed.error.kind !== 'io') return renamed
  const copied = await host.files.copy(from, to)
  return copied.ok ? host.files.remove(from) : copied
}
