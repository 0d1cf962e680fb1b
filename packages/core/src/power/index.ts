export * from './decidability.ts'
