import type { Digest } from '@plumbline/core'
import type { Series } from '../metrics/exposition.ts'
import type { ModelRepository, RepositoryResult } from './model-repository.ts'
import type { ModelSlot } from './model-slot.ts'
import type { ModelVersion } from './model-version.ts'

/** Loads and unloads versions, one at a time; requests are answered meanwhile. */
export interface Loader {
  /** Has a version answer; without a digest the one that the repository names. Loading what is loaded changes nothing. */
  load(digest: Digest | undefined): Promise<RepositoryResult<ModelVersion>>
  /** Has nobody answer but the fallback, if there is one. */
  unload(): Promise<void>
}

/** What a loader changes, and whom it tells. */
export interface LoaderParts {
  readonly slot: ModelSlot
  readonly repository?: ModelRepository
  /** Called when another version answers (undefined: none), before the load is done. */
  readonly onSwap?: (version: ModelVersion | undefined) => Promise<void>
  readonly onTrouble?: (message: string) => void
  readonly swaps: Series
  readonly refusedSwaps: Series
}

/** Makes the loader of a slot. */
export function createLoader({ slot, repository, onSwap, onTrouble, swaps, refusedSwaps }: LoaderParts): Loader {
  let before: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = before.then(work)
    before = done.catch(() => undefined)
    return done
  }
  /** Puts a version in place; the one before closes after its last answer, which nobody waits for. */
  const replace = async (next: ModelVersion | undefined): Promise<void> => {
    slot.swap(next).catch((error: unknown) => onTrouble?.(`a version was not closed: ${String(error)}`))
    swaps.value++
    await onSwap?.(next)
  }
  const load = async (digest: Digest | undefined): Promise<RepositoryResult<ModelVersion>> => {
    if (repository === undefined)
      return { ok: false, refusal: { kind: 'unsupported', message: 'No other version can be loaded here.' } }
    const wanted = digest === undefined ? await repository.latest() : { ok: true as const, value: digest }
    if (!wanted.ok) return wanted
    const { current } = slot
    if (current !== undefined && wanted.value !== undefined && current.digest === wanted.value)
      return { ok: true, value: current }
    const opened = await repository.open(wanted.value)
    if (opened.ok) await replace(opened.value)
    return opened
  }
  return {
    load: (digest) =>
      inTurn(async () => {
        const loaded = await load(digest)
        if (!loaded.ok) refusedSwaps.value++
        return loaded
      }),
    unload: () => inTurn(() => replace(undefined)),
  }
}
