/** `N passed, N failed, N skipped`; what failed outside a test counts as failed. */
export function closingLine(states: readonly string[], failedOutside: number): string {
  const count = (...wanted: readonly string[]): number => states.filter((s) => wanted.includes(s)).length
  return `${count('passed')} passed, ${count('failed', 'pending') + failedOutside} failed, ${count('skipped')} skipped`
}
