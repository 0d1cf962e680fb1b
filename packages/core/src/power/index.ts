export * from './decidability.ts'
export * from './family.ts'
