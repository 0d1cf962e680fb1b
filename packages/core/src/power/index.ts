export * from './decidability.ts'
export * from './family.ts'
export type { Spread } from './mean.ts'
