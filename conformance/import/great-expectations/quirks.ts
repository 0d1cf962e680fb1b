import type { Answered, DefinedTest } from './run-definitions.ts'

/** A way in which an answer may differ from that of Great Expectations on pandas, and why. */
interface Quirk {
  readonly reason: string
  /** Of these expectations; all where absent. */
  readonly type?: RegExp
  /** How it differs: the words of `run-definitions.ts`, for a refusal those of the report. */
  readonly differs: RegExp
  /** What Great Expectations says where it raises. */
  readonly because?: RegExp
  /** What the arguments are, as JSON. */
  readonly given?: RegExp
}

const RAISED = /^it raises there/

/** All that is known; what is refused is in the report of the import, with these words. */
export const quirks: readonly Quirk[] = [
  {
    reason: 'Only texts, whole numbers and truths are written alike in Python and here.',
    differs: /refused: .* whose text in Python is not its text here/,
  },
  {
    reason: 'Great Expectations takes the numbers that texts add up to for unequal.',
    differs: /refused: Not all columns are numbers/,
  },
  {
    reason: 'Quantiles here are interpolated, or the nearest.',
    differs: /refused: `allow_relative_error` is "(lower|higher|midpoint)"/,
  },
  {
    reason: 'Truths and times have no such number or order here; pandas has some, and bounds that are truths.',
    differs:
      /refused: .*(is a (boolean|timestamp), and has no|has no order with|`above_stddevs` does not take|formats texts only)/,
  },
  { reason: 'Columns of different kinds are not compared.', differs: /refused: `[<>=!]+` compares values of one kind/ },
  { reason: 'What cannot hold is no clause.', differs: /refused: .* is never below 0, but is compared with/ },
  {
    reason: 'Names of types of one database or of pandas, which no clause asks for.',
    type: /of_type|type_list/,
    differs: /refused: .*(names no type of columns here|two contracts of one column|holds for all rows)|^success is/,
  },
  {
    reason: '1.24 refuses what is no such argument, or out of order; a clause can ask it, or it asks nothing.',
    differs: RAISED,
    because: /type=value_error|must be less than|cannot be greater/,
  },
  {
    reason: '1.24 takes bounds that are texts for times only.',
    differs: RAISED,
    because: /invalid datetime|not supported between instances of/,
  },
  {
    reason: 'The subtraction of texts: in Spark they have an order, and here.',
    type: /increasing|decreasing/,
    differs: RAISED,
    because: /operation 'sub'/,
  },
  {
    reason: '`mostly` of 0 is not asked, so that nothing can raise.',
    differs: /^it raises there, and is trivial here/,
  },
  {
    reason: 'Rows of a condition that are no pair cannot be written as JSON there.',
    type: /pair_values/,
    differs: RAISED,
    because: /JSON serializable|Invalid result values/,
  },
  { reason: 'pandas 3 finds no time in a list of texts.', type: /in_set/, differs: /./, given: /"(t|v)"/ },
  {
    reason: 'In pandas a missing number and a missing text of a column without cells are two values.',
    type: /within_record/,
    differs: /./,
    given: /"z"/,
  },
  {
    reason: '`\\w` and `\\d` know ASCII only, which the report says.',
    type: /regex/,
    differs: /^success|^\d+ cells/,
    given: /\\\\[wd]/,
  },
  {
    reason: 'Whole numbers beside missing cells are floats in pandas, written with `.0`.',
    type: /regex|length/,
    differs: /^success|^\d+ cells/,
    given: /"n"/,
  },
  {
    reason: 'A sum of no cells is 0 in pandas and missing in SQL, also within Great Expectations.',
    type: /sum_to_be_between/,
    differs: /^success is true there, and inconclusive|^0 was observed/,
  },
  {
    reason: 'There is a greatest of no times in pandas, and it lies between no bounds.',
    type: /(max|min)_to_be/,
    differs: /^success is true there, and inconclusive/,
  },
  {
    reason: 'Numbers of which one is infinite have no deviation, so that pandas flags none.',
    type: /z_scores/,
    differs: /^success is true there, and inconclusive/,
  },
  {
    reason: 'Great Expectations does not look at the index 0.',
    type: /column_to_exist/,
    differs: /./,
    given: /"column_index":0/,
  },
]

/** Why an answer differs, where that is known. */
export function quirkOf(type: string, test: DefinedTest, { disagrees = '' }: Answered): string | undefined {
  const [given, because] = [JSON.stringify(test.in), String(test.out['because'])]
  const found = quirks.find(
    (quirk) =>
      quirk.differs.test(disagrees) &&
      (quirk.type?.test(type) ?? true) &&
      (quirk.because?.test(because) ?? true) &&
      (quirk.given?.test(given) ?? true),
  )
  return found?.reason
}
