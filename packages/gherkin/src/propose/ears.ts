/**
 * A requirement taken apart by the keywords of EARS (Mavin et al., Easy Approach to Requirements Syntax, RE 2009):
 * `While`/`Where` a state, `When`/`If` a trigger, what shall do what.
 */
export interface Requirement {
  readonly state?: string
  readonly trigger?: string
  /** What the sentence is about: `the model`, `the missing rate of income`. */
  readonly subject: string
  /** What follows `shall`: `be at most 5%`. */
  readonly response: string
}

const SHALL = /^(?:the |every |each )?(.+?) (?:shall|must)( not| never)? (.+)$/is

/** One sentence → its parts; undefined where it is not of this form. */
export function readEars(sentence: string): Requirement | undefined {
  let rest = sentence.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  const parts: { state?: string; trigger?: string } = {}
  for (;;) {
    const found = /^(while|where|for|when|if) (.+?), (?:then )?(.+)$/i.exec(rest)
    if (found === null) break
    const [, keyword = '', condition = '', more = ''] = found
    parts[/^(?:when|if)$/i.test(keyword) ? 'trigger' : 'state'] = condition
    rest = more
  }
  const [, subject, no, response] = SHALL.exec(rest) ?? []
  if (subject === undefined || response === undefined) return undefined
  return { ...parts, subject, response: no === undefined ? response : `never ${response}` }
}
