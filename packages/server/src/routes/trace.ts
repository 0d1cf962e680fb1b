import type { Call } from './call.ts'

/** The trace context of the caller (W3C Trace Context, version 00), if it is well-formed. */
export function traceOf({ headers }: Call): string | undefined {
  const given = headers['traceparent']
  return typeof given === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(given) ? given : undefined
}
