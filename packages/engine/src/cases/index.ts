export { type GenerateOptions, generateCases } from './generate-cases.ts'
