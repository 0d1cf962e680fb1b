import { visible } from '@plumbline/core'

/** Redraws one line on a terminal; the line is cleared by an empty text. In a pipe nothing is written. */
export function createProgress(stream: {
  readonly isTTY?: boolean
  readonly columns?: number
  write: (text: string) => unknown
}): (text: string) => void {
  if (stream.isTTY !== true) return () => undefined
  return (text) => {
    // Names from the spec and output of programs pass through here: neither may steer the terminal.
    const line = visible(text).slice(0, (stream.columns ?? 80) - 1)
    stream.write(`\r\u001b[2K${line}`)
  }
}
