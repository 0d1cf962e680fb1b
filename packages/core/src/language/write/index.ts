export * from './data-profile.ts'
export { type FirstSpec, writeFirstSpec } from './first-spec.ts'
