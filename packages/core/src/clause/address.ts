/** An address with its variables filled in, or the name of the one that is not set. */
export type ResolvedAddress = { readonly url: string } | { readonly missing: string }

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/**
 * Fills `${NAME}` in the address of a receiver. Called only when something is sent: what it gives is a secret, and goes
 * into no record, digest or message. A variable that is empty counts as not set.
 */
export function resolveAddress(written: string, variable: (name: string) => string | undefined): ResolvedAddress {
  let missing: string | undefined
  const url = written.replaceAll(VARIABLE, (_, name: string) => {
    const value = variable(name)
    if (value === undefined || value === '') missing ??= name
    return value ?? ''
  })
  return missing === undefined ? { url } : { missing }
}
