export * from './data-profile.ts'
export { type FirstSpec, writeFirstSpec } from './first-spec.ts'
export { declarableText, undeclarable } from './names.ts'
