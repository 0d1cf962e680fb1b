/**
 * A function of an object that is worked out once for each: what the compiler makes is not changed afterwards, and is asked
 * again and again. An answer is kept for as long as its object is.
 */
export function oncePer<Of extends object, Answer>(work: (of: Of) => Answer): (of: Of) => Answer {
  const known = new WeakMap<Of, { readonly answer: Answer }>()
  return (of) => {
    const before = known.get(of)
    if (before !== undefined) return before.answer
    const answer = work(of)
    known.set(of, { answer })
    return answer
  }
}
