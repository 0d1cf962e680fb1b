/** The words that the contracts of this folder are written in: those of the schemas of evidence. */
export * from '../../packages/core/src/evidence/json-schema.ts'
