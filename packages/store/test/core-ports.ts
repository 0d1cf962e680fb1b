// The part of core that the store uses, so that a process that is started two hundred times starts fast.
export * from '../../core/src/evidence/canonical-json.ts'
export * from '../../core/src/evidence/digest.ts'
export * from '../../core/src/host.ts'
