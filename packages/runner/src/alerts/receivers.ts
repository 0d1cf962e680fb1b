import { type ClauseSeverity, digestOf, type ProgramAlert } from '@plumbline/core'
import type { Alert } from './alert.ts'

/** Somebody who is told: a declared alert with a name of its own. */
export type Receiver = {
  /** Stable as long as kind and address are written the same. */
  readonly id: string
  /** For people and for the ledger; without an address that could hold a secret. */
  readonly name: string
  readonly alert: ProgramAlert
}

/** The receivers a spec declares; one that is declared twice is one. */
export function receiversOf(alerts: readonly ProgramAlert[]): readonly Receiver[] {
  const receivers = new Map<string, Receiver>()
  for (const alert of alerts) {
    const id = digestOf(alert).slice('sha256:'.length, 'sha256:'.length + 16)
    receivers.set(id, { id, name: nameOf(alert), alert })
  }
  return [...receivers.values()]
}

/** `webhook ${ALERT_URL}`, or `webhook https://hooks.example.org`: paths of webhooks are often the secret itself. */
function nameOf({ kind, url }: ProgramAlert): string {
  if (url === undefined) return kind
  if (url.includes('${')) return `${kind} ${/\$\{[^}]*\}/.exec(url)?.[0] ?? ''}`
  return URL.canParse(url) ? `${kind} ${new URL(url).origin}` : kind
}

const RANK: Readonly<Record<ClauseSeverity, number>> = { info: 0, warn: 1, block: 2 }

/** Whether a receiver wants to be told of a clause. */
export function wants({ alert: { severity, when } }: Receiver, alert: Pick<Alert, 'clause' | 'severity'>): boolean {
  if (severity !== undefined && RANK[alert.severity] < RANK[severity]) return false
  return when === undefined || when.includes(alert.clause)
}

/** A variable of the environment by name. */
export type Environment = (name: string) => string | undefined

/** An address with its variables in place, or what is wrong with it, in words that hold no value of a variable. */
export type Address = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly problem: string }

/** Resolves the variables of an address as it is written in the spec. */
export function resolveAddress(written: string, environment: Environment): Address {
  let unset: string | undefined
  const url = written.replaceAll(/\$\{([^}]*)\}/g, (_all, name: string) => {
    const value = environment(name)
    if (value === undefined || value === '') unset ??= name
    return value ?? ''
  })
  if (unset !== undefined) return { ok: false, problem: `the environment variable ${unset} is not set` }
  const usable = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return usable ? { ok: true, url } : { ok: false, problem: 'the address is not one of http or https' }
}
