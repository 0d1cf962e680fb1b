/** A clause to be accepted, as it is written in a spec: the id, and its entry under `clauses`. */
export interface Proposal {
  readonly id: string
  /** YAML, indented by two spaces, to be put under `clauses:`. */
  readonly yaml: string
}

/** A clause without its bound: what would be measured, and on what. */
export interface Draft {
  readonly id: string
  readonly says: string
  readonly of: string
  /** `must` or `always`; `every` where the bound of the number is one of each row: the greatest of a column. */
  readonly form: 'must' | 'always' | 'every'
  /** What is measured; an expression of the language. */
  readonly term: string
  /** The one bound there is, where it follows from what is asked: no row may be there twice. */
  readonly exactly?: number
  /** Of `every`: what is bounded in each row, as text; whether it is a whole number, and may be missing. */
  readonly cell?: { readonly text: string; readonly whole: boolean; readonly optional: boolean }
}

/** A clause whose form has no number to bound: it holds as it is written, or says nothing. */
export interface WrittenDraft {
  readonly id: string
  /** Lines of the entry under `clauses`, without its id and rationale. */
  readonly lines: readonly string[]
}

/** What a draft measured: the number, or the interval it is decided on. */
export interface Measure {
  readonly low: number
  readonly high: number
}

/** A bound between what is usual and a fault. */
export interface Separation {
  readonly op: '<=' | '>='
  readonly bound: number
  /** How far the fault is from what is usual, in widths of what is usual. */
  readonly clear: number
}

/**
 * The bound that tells the fault from what is usual: half way between the two, rounded to as few digits as keep it there.
 * Undefined where the ranges meet.
 */
export function boundBetween(usual: readonly Measure[], faulty: Measure): Separation | undefined {
  const low = Math.min(...usual.map((each) => each.low))
  const high = Math.max(...usual.map((each) => each.high))
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined
  const clear = (gap: number): number => (high > low ? gap / (high - low) : Infinity)
  if (faulty.low > high)
    return { op: '<=', bound: roundBetween(high, faulty.low, high), clear: clear(faulty.low - high) }
  if (faulty.high < low)
    return { op: '>=', bound: roundBetween(faulty.high, low, low), clear: clear(low - faulty.high) }
  return undefined
}

/** `usual` is the end that has to stay allowed, where no number lies between the two. */
function roundBetween(low: number, high: number, usual: number): number {
  const middle = low + (high - low) / 2
  for (let digits = 1; digits < 17; digits++) {
    const rounded = Number(middle.toPrecision(digits))
    if (rounded > low && rounded < high) return rounded
  }
  return usual
}

/** A draft with its bound as it is written in a spec. `reason` says how the bound was found. */
export function proposalOf(draft: Draft, op: '<=' | '>=' | '==', bound: number, reason: string): Proposal {
  const { id, cell, term, form } = draft
  const whole = cell?.whole ?? /^(duplicates|overlap|count|distinct)\(/.test(term)
  const number = whole || !Number.isInteger(bound) ? String(bound) : `${bound}.0`
  return entry(id, [
    `says: ${quoted(draft.says)}`,
    `of: ${draft.of}`,
    `${form}: ${quoted(`${cell?.text ?? term} ${op} ${number}`)}`,
    ...(form === 'always' ? ['window: 1d'] : []),
    ...(cell?.optional === true ? ['missing: exclude'] : []),
    `rationale: ${quoted(reason)}`,
  ])
}

/** A clause that needs no bound, as it is written in a spec. */
export const writtenProposal = ({ id, lines }: WrittenDraft, reason: string): Proposal =>
  entry(id, [...lines, `rationale: ${quoted(reason)}`])

const entry = (id: string, lines: readonly string[]): Proposal => ({
  id,
  yaml: [`  ${id}:\n`, ...lines.map((line) => `    ${line}\n`)].join(''),
})

/** A text for YAML. JSON is YAML: a text in it means nothing else, whatever it holds. */
export const quoted = (text: string): string => JSON.stringify(text)
