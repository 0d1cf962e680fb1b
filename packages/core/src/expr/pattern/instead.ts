/** What to do about a pattern that RE2 does not read, told by what in it is not read. */
export function insteadOfPattern(pattern: string, problem: string): string {
  const around = /\(\?(<?[=!])/.exec(pattern)?.[1]
  if (around !== undefined)
    return around.endsWith('!')
      ? 'RE2 has no look-around: write what must not be there as a condition of its own, such as `!x.matches("…")`.'
      : 'RE2 has no look-around: write what must be there as a condition of its own, such as `x.matches("…") && x.matches("…")`.'
  if (/\\[1-9]/.test(problem))
    return 'RE2 has no back-references: write out what is repeated, or compare parts of the text.'
  if (/missing closing \)/.test(problem)) return 'Write the `)` that is missing, or `\\\\(` for the character itself.'
  if (/unexpected \)/.test(problem)) return 'Write the `(` that is missing, or `\\\\)` for the character itself.'
  if (/missing closing \]/.test(problem)) return 'Write the `]` that is missing, or `\\\\[` for the character itself.'
  if (/missing argument to repetition/.test(problem))
    return 'Write what is repeated before it, such as `.*`; in a pattern `*` alone stands for nothing.'
  return 'Correct the pattern, or say the same with contains, startsWith, endsWith and several patterns.'
}
