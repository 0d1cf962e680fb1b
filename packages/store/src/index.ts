export type { MemoryDisk } from './host/memory-files.ts'
export { openFileClock, type FileClock } from './host/file-clock.ts'
export * from './host/memory-host.ts'
export { nodeHost } from './host/node-host.ts'
export type { Acknowledgement } from './ledger/append.ts'
export {
  failureText,
  type Broken,
  type BrokenKind,
  type LedgerFailure,
  type LedgerPlace,
  type LedgerResult,
} from './ledger/broken.ts'
export { openLedger, type Ledger, type LedgerOptions } from './ledger/ledger.ts'
export { GENESIS, type LedgerBody, type LedgerRecord } from './ledger/record.ts'
export type { LedgerHead, LedgerPosition, ScanStep } from './ledger/scan.ts'
export type { ExpectedHead, Verification } from './ledger/verify.ts'
export {
  artifactFailureText,
  openArtifacts,
  type ArtifactFailure,
  type ArtifactResult,
  type Artifacts,
} from './artifacts/artifacts.ts'
export {
  openRegistry,
  registryFailureText,
  type PromoteRequest,
  type Registry,
  type RegistryFailure,
  type RegistryResult,
  type RollbackRequest,
} from './registry/registry.ts'
export { versionBefore } from './registry/lineage.ts'
export { type PromotedData, type Promotion, readPromotion, type Rollback } from './registry/promotion.ts'
