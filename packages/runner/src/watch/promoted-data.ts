import type { Digest } from '@plumbline/core'
import type { LedgerRecord, Promotion } from '@plumbline/store'

/** A dataset as it was when a version was promoted, and where its files are kept. */
export interface KeptDataset {
  readonly digest: string
  readonly files: readonly { readonly name: string; readonly path: string }[]
}

/** The data of versions, read from the records of their promotions. */
export interface PromotedDatasets {
  readonly observe: (record: LedgerRecord) => void
  /** By dataset name; undefined where nothing was kept for the version. */
  readonly of: (version: string | null) => Readonly<Record<string, KeptDataset>> | undefined
}

/** No version has data yet. `read` understands a record of the registry; `pathOf` says where an artifact is. */
export function promotedDatasets(
  read: (record: LedgerRecord) => Pick<Promotion, 'digest' | 'data'> | undefined,
  pathOf: (digest: Digest) => string,
): PromotedDatasets {
  const byVersion = new Map<string, Readonly<Record<string, KeptDataset>>>()
  return {
    observe(record) {
      if (record.body.kind !== 'promotion') return
      const promotion = read(record)
      // A version that is brought back keeps the data it was promoted on.
      if (promotion?.data === undefined) return
      const kept = Object.entries(promotion.data).map(([name, { digest, files }]): [string, KeptDataset] => [
        name,
        { digest, files: files.map((file) => ({ name: file.name, path: pathOf(file.digest) })) },
      ])
      byVersion.set(promotion.digest, Object.fromEntries(kept))
    },
    of: (version) => (version === null ? undefined : byVersion.get(version)),
  }
}
