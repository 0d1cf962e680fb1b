/**
 * A pattern that the language accepts (RE2, as re2js reads it), as RE2 inside of DuckDB (and ClickHouse) has to be given it to mean the same.
 * Not bridged: classes that only re2js names (`\p{Emoji}`), and patterns whose program exceeds RE2's memory; DuckDB
 * refuses both when it plans the query, which is an error of the clause and never a wrong answer.
 */
export function re2Pattern(pattern: string): string {
  const spelled = withNamedGroups(pattern)
  // RE2 works on bytes and finds \B inside of a character such as "σ". Begun at the first character, and reading whole
  // ones, it never comes to stand there.
  if (pattern.includes('\\B')) return `\\A(?s:.)*?(?:${spelled})`
  // DuckDB 1.5 turns patterns without special characters into prefix, suffix or contains, and loses an anchor that is
  // not at the end where it belongs: `a^` would match "a". A group keeps such a pattern from being rewritten.
  const inner = spelled.replace(/^\^/, '').replace(/\$$/, '')
  return /[$^]|\\[Az]/.test(inner) ? `(${spelled})` : spelled
}

/** `(?<name>…)` as `(?P<name>…)`, the only form that DuckDB's RE2 knows; not in a class, an escape or `\Q…\E`. */
function withNamedGroups(pattern: string): string {
  const token = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\(\?</g
  return pattern.replace(token, (found) => (found === '(?<' ? '(?P<' : found))
}
