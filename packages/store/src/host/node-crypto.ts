/** Node's cryptography, loaded when first needed: it is a fifth of what a `check` would load, and checks use none. */
export function nodeCrypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}
