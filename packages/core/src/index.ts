export * from './evidence/canonical-json.ts'
export * from './evidence/digest.ts'
export * from './host.ts'
