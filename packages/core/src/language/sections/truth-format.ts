/** How a file writes truth values. */
export interface TruthWords {
  /** What stands for true, and what for false: without blanks around them, two that differ by more than case. */
  readonly yes: string
  readonly no: string
}

/** Reads `Yes/No`, what is true first; undefined where a text is no such pair. */
export function truthWords(format: string): TruthWords | undefined {
  const [yes = '', no = '', ...more] = format.split('/').map((word) => word.trim())
  if (yes === '' || no === '' || more.length > 0 || format.includes('%')) return undefined
  return yes.toLowerCase() === no.toLowerCase() ? undefined : { yes, no }
}
