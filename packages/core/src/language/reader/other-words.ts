import { nearestName } from '../../diagnostics/suggest.ts'

/** What people, and other tools, write for keys of this language, with a value of the same shape; no edit distance finds these. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  source: ['path', 'file', 'uri', 'url', 'table', 'location'],
  artifact: ['runner', 'file', 'path', 'uri', 'model'],
  label: ['target', 'y', 'ground_truth'],
  outputs: ['predictions', 'prediction'],
  type: ['dtype', 'datatype', 'data_type'],
  format: ['date_format', 'dateformat', 'datetime_format', 'time_format', 'strftime', 'strftime_format'],
  key: ['primary_key', 'pk', 'keys'],
  optional: ['nullable', 'allow_null', 'missing_allowed'],
  values: ['enum', 'allowed', 'allowed_values', 'accepted_values', 'categories', 'levels', 'codes'],
  default: ['value', 'initial'],
  says: ['description', 'doc', 'comment', 'summary', 'title', 'name'],
  rationale: ['reason', 'why', 'justification'],
  of: ['dataset', 'relation', 'data', 'table', 'model'],
  every: ['condition', 'check', 'expression', 'expr', 'rule', 'assert', 'row'],
  must: ['expect', 'metric', 'aggregate'],
  slices: ['segments', 'subsets', 'group_by', 'groups'],
  params: ['parameters', 'variables', 'vars'],
  data: ['datasets', 'tables', 'sources'],
  clauses: ['rules', 'checks', 'tests', 'expectations', 'assertions'],
}

const SOME_ROWS = [
  'slices',
  'Name the rows under `slices:` of the spec (`slices: { recent: year >= 2026 }`) and ask the clause of them: `slices: [recent]`.',
] as const
const RANGE = ['range', 'Write `range: [low, high]`, with null for no bound.'] as const

/** Of these the value has another shape here: what to write, where a map knows the key that is named first. */
const OTHER: Readonly<Record<string, readonly [key: string, fix: string]>> = {
  ...Object.fromEntries(
    ['min', 'max', 'minimum', 'maximum', 'between', 'bounds', 'ge', 'le', 'gt', 'lt', 'min_value', 'max_value'].map(
      (each) => [each, RANGE],
    ),
  ),
  where: SOME_ROWS,
  filter: SOME_ROWS,
  row_condition: SOME_ROWS,
  required: ['optional', 'Leave it out: a column has a value in every row unless it says `optional: true`.'],
  not_null: ['optional', 'Leave it out: a column has a value in every row unless it says `optional: true`.'],
  unique: [
    'optional',
    'Name the column under `key` of the dataset, or write a clause: `must: duplicates(column) == 0`.',
  ],
  regex: ['optional', "Write a clause: `every: column.matches('^…$')`."],
  pattern: ['optional', "Write a clause: `every: column.matches('^…$')`."],
  features: ['input', 'Write `input: { from: dataset, columns: [ … ] }`.'],
  threshold: ['decision', 'Write `decision: score >= 0.5`, with the output that it is about.'],
}

/** What is meant by a key that a map does not know: the key to write, one that it does not have yet, or what to write instead. */
export function meant(
  key: string,
  known: readonly string[],
  present: readonly string[],
): { readonly nearest?: string; readonly fix?: string } {
  const word = key.toLowerCase()
  const other = Object.hasOwn(OTHER, word) ? OTHER[word] : undefined
  if (other !== undefined && known.includes(other[0])) return { fix: other[1] }
  const nearest =
    known.find((each) => !present.includes(each) && Object.hasOwn(SAME, each) && SAME[each]?.includes(word)) ??
    nearestName(key, known)
  return nearest === undefined ? {} : { nearest, fix: `Did you mean '${nearest}'?` }
}
