import type { ModelVersion } from './model-version.ts'

/** A version that is kept open for one request. */
export interface HeldVersion {
  readonly version: ModelVersion
  /** The request has its answer; called once. */
  release(): void
}

/** The place of the version that answers. */
export interface ModelSlot {
  /** The version for a new request, or undefined where none is loaded. A request is answered by the one it took. */
  take(): HeldVersion | undefined
  readonly current: ModelVersion | undefined
  /**
   * New requests go to `next` from now on; the one before is closed when its last request has its answer. The promise
   * settles then; nobody has to wait for it.
   */
  swap(next: ModelVersion | undefined): Promise<void>
}

interface Tenancy {
  readonly version: ModelVersion
  held: number
  leaving: boolean
  gone: () => void
}

/** Makes a slot with a version in it. */
export function createSlot(first: ModelVersion | undefined): ModelSlot {
  const tenancyOf = (version: ModelVersion): Tenancy => ({ version, held: 0, leaving: false, gone: () => undefined })
  let now = first === undefined ? undefined : tenancyOf(first)
  return {
    get current() {
      return now?.version
    },
    take() {
      const tenancy = now
      if (tenancy === undefined) return undefined
      tenancy.held++
      return {
        version: tenancy.version,
        release: () => {
          tenancy.held--
          if (tenancy.leaving && tenancy.held === 0) tenancy.gone()
        },
      }
    },
    async swap(next) {
      const before = now
      now = next === undefined ? undefined : tenancyOf(next)
      if (before === undefined) return
      before.leaving = true
      if (before.held > 0)
        await new Promise<void>((resolve) => {
          before.gone = resolve
        })
      await before.version.close()
    },
  }
}
