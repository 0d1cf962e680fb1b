import { defineDiagnostic } from '../define.ts'

const didYouMean = (near: string | undefined): string | undefined =>
  near === undefined ? undefined : `Did you mean \`${near}\`?`
/** Names listed in a hint; a table can have hundreds of columns. */
const MOST_NAMES = 24
const grouped = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const unknownName = defineDiagnostic<{
  what: string
  name: string
  near?: string | undefined
  known: readonly string[]
}>({
  code: 'check/unknown-name',
  severity: 'error',
  message: ({ what, name }) => `There is no ${what} \`${name}\`.`,
  why: 'A name that resolves to nothing would make the clause silently ask nothing.',
  fix: ({ name, near, known, what }) => {
    if (near !== undefined) return didYouMean(near)
    if (known.length === 0) return `Declare the ${what} first.`
    const split =
      what.endsWith('relation') && name.includes('.') ? ' Splits are declared under `splits` of a dataset.' : ''
    return `Known: ${list(known.slice(0, MOST_NAMES))}${known.length > MOST_NAMES ? `, … (${known.length} in all)` : ''}.${split}`
  },
})

export const shadowedName = defineDiagnostic<{ name: string; first: string; second: string }>({
  code: 'check/shadowed-name',
  severity: 'error',
  message: ({ name, first, second }) => `\`${name}\` is the name of ${first} and of ${second}.`,
  why: 'An expression that reads it could mean either.',
  fix: ({ second }) => `Rename ${second}.`,
})

export const badClauseId = defineDiagnostic<{ id: string }>({
  code: 'check/bad-clause-id',
  severity: 'error',
  message: ({ id }) => `\`${id}\` cannot be the id of a clause.`,
  why: 'Ids stand in evidence, reports and file names; dots are reserved for the contracts of columns.',
  fix: 'Use letters, digits, `-` and `_`, beginning with a letter.',
})

export const notForForm = defineDiagnostic<{ key: string; form: string; instead: string }>({
  code: 'check/not-for-form',
  severity: 'error',
  message: ({ key, form }) => `\`${key}\` has no meaning in a clause of the form \`${form}\`.`,
  why: 'It would be ignored, and the reader would think it holds.',
  fix: ({ instead }) => instead,
})

export const twoLabels = defineDiagnostic<{ first: string; second: string }>({
  code: 'check/two-labels',
  severity: 'error',
  message: ({ first, second }) => `\`${first}\` and \`${second}\` both have the role label.`,
  why: 'Metrics compare a decision or a score with one label.',
  fix: 'Leave the role to one of them; a model can name its own with `label:`.',
})

export const wrongRelation = defineDiagnostic<{ form: string; relation: string; needs: string; fix: string }>({
  code: 'check/wrong-relation',
  severity: 'error',
  message: ({ form, relation }) => `A clause of the form \`${form}\` cannot be asked of \`${relation}\`.`,
  why: ({ needs }) => needs,
  fix: ({ fix }) => fix,
})

/** A number that drawn rows say nothing of. */
export const notOfASample = defineDiagnostic<{ term: string }>({
  code: 'check/not-of-a-sample',
  severity: 'error',
  message: ({ term }) => `\`${term}\` of drawn rows says nothing of all rows.`,
  why: 'What is measured on a sample is an estimate with an interval; counts, distinct values, duplicates, overlaps and extremes have none.',
  fix: 'Ask it in a clause without `sample`.',
})

export const relationsDisagree = defineDiagnostic<{ first: string; second: string }>({
  code: 'check/relations-disagree',
  severity: 'error',
  message: ({ first, second }) => `The condition does not mean the same on \`${first}\` and on \`${second}\`.`,
  why: 'A clause has one meaning; here the columns it reads have different types, or `columns` stands for different lists.',
  fix: 'Write one clause for each relation.',
})

export const duplicateSlice = defineDiagnostic<{ name: string }>({
  code: 'check/duplicate-slice',
  severity: 'error',
  message: ({ name }) => `The slice \`${name}\` is named twice.`,
  why: 'The slices of a clause are one family of tests; one asked twice would be counted twice.',
  fix: 'Remove one of the two.',
})

export const reservedSlice = defineDiagnostic<object>({
  code: 'check/reserved-slice',
  severity: 'error',
  message: () => '`all` cannot be the name of a slice.',
  why: 'It is the name of the slice that holds every row.',
  fix: 'Choose another name.',
})

export const tooManySlices = defineDiagnostic<{ limit: number }>({
  code: 'check/too-many-slices',
  severity: 'error',
  message: ({ limit }) => `The clause would be asked of more than ${grouped(limit)} slices.`,
  why: 'Slices of one clause are decided as one family: with so many of them none could be told from chance, and a table is asked for each.',
  fix: 'Cross fewer columns, group their values into named slices, or ask several clauses.',
})

/** What the clauses of a spec become, all together, is bounded as its text is. */
export const tooMuchAsked = defineDiagnostic<object>({
  code: 'check/too-much-asked',
  severity: 'error',
  message: () => 'Up to this clause the spec asks more than one compiled spec may hold.',
  why: 'Slices, measurements of macros and labels multiply: a short text could take all memory of whoever checks it.',
  fix: 'Ask fewer slices or columns at once, or make several specs of it.',
})

export const noDeclaredValues = defineDiagnostic<{ column: string }>({
  code: 'check/no-declared-values',
  severity: 'error',
  message: ({ column }) => `\`${column}\` has no declared values to enumerate.`,
  why: '`by` makes one slice for each declared value, so that a value missing from the data is still asked about.',
  fix: ({ column }) =>
    `Give \`${column}\` the type category with \`values\`, or name slices of its ranges under \`slices\`.`,
})

export const categoryWithoutValues = defineDiagnostic<{ column: string }>({
  code: 'check/category-without-values',
  severity: 'error',
  message: ({ column }) => `The category \`${column}\` declares no values.`,
  why: 'A category is a closed list of codes; without it nothing can be checked, and its codes have no type.',
  fix: 'Add `values: [a, b]` or `values: { 1: first, 2: second }`; for open sets use the type text.',
})

export const badRange = defineDiagnostic<{ low: string; high: string; what: string }>({
  code: 'check/bad-range',
  severity: 'error',
  message: ({ low, high }) => `The range [${low}, ${high}] cannot be used here.`,
  why: ({ what }) => what,
  fix: 'Write `[least, greatest]`, both inclusive, of the type of the column; `null` leaves a side open.',
})

export const notForType = defineDiagnostic<{ key: string; type: string }>({
  code: 'check/not-for-type',
  severity: 'error',
  message: ({ key, type }) => `\`${key}\` has no meaning for a column of type ${type}.`,
  why: 'It would be ignored, and the reader would think it holds.',
  fix: 'Remove it, or change the type.',
})

export const formatInDatabase = defineDiagnostic<{ column: string }>({
  code: 'check/format-in-database',
  severity: 'error',
  message: ({ column }) => `\`format\` says how a file writes its cells; the rows of \`${column}\` are in a database.`,
  why: 'A database has types of its own for times and truth values, and reads other formats by functions of its own: two readers of one text would differ.',
  fix: 'Name a view in which the column has the type, and remove `format`.',
})

export const pixelsMissing = defineDiagnostic<{ column: string }>({
  code: 'check/pixels-missing',
  severity: 'error',
  message: ({ column }) => `Nothing says how the image \`${column}\` becomes the numbers that the model takes.`,
  why: 'A model of tensors was trained on one size, one order and one range; any other gives other answers without a word.',
  fix: 'Add to `input`: `pixels: { width: 224, height: 224, channels: 3, layout: chw, range: [0, 1] }`, as in training.',
})

export const badPixels = defineDiagnostic<{ problem: string }>({
  code: 'check/bad-pixels',
  severity: 'error',
  message: ({ problem }) => `\`pixels\` cannot be followed: ${problem}.`,
  why: 'It says how images become the numbers that a model takes.',
  fix: 'Correct it, or remove it where no input is an image.',
})

export const imagesInDatabase = defineDiagnostic<{ column: string }>({
  code: 'check/images-in-database',
  severity: 'error',
  message: ({ column }) => `The images of \`${column}\` cannot be read from a database.`,
  why: 'A cell of an image names a file beside the data, or holds its bytes in Parquet; what is in a database is asked there.',
  fix: 'Write the rows as CSV or Parquet next to the images, or declare the column as text.',
})

export const outputNamedLikeColumn = defineDiagnostic<{ output: string; dataset: string }>({
  code: 'check/output-named-like-column',
  severity: 'error',
  message: ({ output, dataset }) => `The output \`${output}\` has the name of a column of \`${dataset}\`.`,
  why: 'The rows of a model hold the columns of its data and its outputs side by side.',
  fix: 'Rename the output here, and map it with `tensor:`.',
})

export const modelIncomplete = defineDiagnostic<{ model: string; missing: string; why: string; fix: string }>({
  code: 'check/model-incomplete',
  severity: 'error',
  message: ({ model, missing }) => `The model \`${model}\` has no \`${missing}\`.`,
  why: ({ why }) => why,
  fix: ({ fix }) => fix,
})

export const mostlyNeedsOver = defineDiagnostic<object>({
  code: 'check/mostly-needs-over',
  severity: 'error',
  message: () => '`mostly` in a `forall` says how much, but not of what.',
  why: 'A share of all inputs depends on how inputs are weighed; the measure is part of the statement.',
  fix: 'Add `over: uniform` for the declared domain, or `over: <relation>` for its rows.',
})

export const overNeedsMostly = defineDiagnostic<object>({
  code: 'check/over-needs-mostly',
  severity: 'error',
  message: () => '`over` has no meaning without `mostly`.',
  why: 'A statement about all inputs needs no measure.',
  fix: 'Add `mostly: 99%`, or remove `over`.',
})

export const unboundedInput = defineDiagnostic<{ column: string; dataset: string }>({
  code: 'check/unbounded-input',
  severity: 'error',
  message: ({ column, dataset }) =>
    `The input \`${column}\` of \`${dataset}\` has no bound, but \`forall\` ranges over it.`,
  why: 'Without a domain, "for all" means nothing that can be searched or proved.',
  fix: 'Give the column a `range`, or `values`.',
})

export const requirementUnmet = defineDiagnostic<{ id: string }>({
  code: 'check/requirement-unmet',
  severity: 'warning',
  message: ({ id }) => `No clause meets the requirement \`${id}\`.`,
  why: 'Nothing that runs would notice if it were broken.',
  fix: ({ id }) => `Add \`meets: [${id}]\` to the clause that tests it.`,
})

export const noBlockingClause = defineDiagnostic<object>({
  code: 'check/no-blocking-clause',
  severity: 'warning',
  message: () => 'No clause of this spec blocks.',
  why: 'A gate that nothing can close is not a gate: it stays closed.',
  fix: 'Leave `severity: block` (the default) on the clauses that must hold.',
})

export const badBinder = defineDiagnostic<{ text: string }>({
  code: 'check/bad-domain',
  severity: 'error',
  message: ({ text }) => `\`${text}\` is not a domain.`,
  why: 'A variable of `forall` ranges over a declared domain, the rows of a relation, around them, or the values of one column.',
  fix: 'Write `accounts`, `accounts.rows`, `near(accounts.rows, 5%)` or `accounts.columns.sex`.',
})

export const notInJavaScript = defineDiagnostic<{ relation: string; reason: string }>({
  code: 'check/not-in-javascript',
  severity: 'error',
  message: ({ relation }) => `This condition cannot be enforced on \`${relation}\`.`,
  why: ({ reason }) => reason,
  fix: 'Ask it of a data relation only, or write the condition without that function.',
})

export const notInSql = defineDiagnostic<{ reason: string }>({
  code: 'check/not-in-sql',
  severity: 'error',
  message: () => 'This condition cannot be asked of the rows of a table.',
  why: ({ reason }) => reason,
  fix: 'Write it without that function, or make a column of its value before.',
})

export const duplicateId = defineDiagnostic<{ id: string }>({
  code: 'check/duplicate-id',
  severity: 'error',
  message: ({ id }) => `The id \`${id}\` is taken.`,
  why: 'Evidence is kept by clause id; two clauses of one id could not be told apart.',
  fix: 'Rename one of them.',
})

export const labelRoleMissing = defineDiagnostic<{ column: string }>({
  code: 'check/label-as-input',
  severity: 'error',
  message: ({ column }) => `The label \`${column}\` is an input of the model.`,
  why: 'A model that reads the answer measures nothing.',
  fix: ({ column }) => `Remove \`${column}\` from the inputs.`,
})

export const badFallback = defineDiagnostic<{ problem: string; fix: string }>({
  code: 'check/bad-fallback',
  severity: 'error',
  message: ({ problem }) => `The guard cannot fall back: ${problem}.`,
  why: 'A request that the guard withholds from the model would get no answer, although the spec promises one.',
  fix: ({ fix }) => fix,
})

export const predictionColumn = defineDiagnostic<{ output: string; problem: string; fix: string }>({
  code: 'check/prediction-column',
  severity: 'error',
  message: ({ output, problem }) => `The output \`${output}\` cannot be read from a column: ${problem}.`,
  why: 'A column of predictions answers in place of the model; each output needs one that holds its values.',
  fix: ({ fix }) => fix,
})

export const forallOfColumn = defineDiagnostic<{ model: string }>({
  code: 'check/forall-of-column',
  severity: 'error',
  message: ({ model }) => `\`${model}\` is a column of predictions and cannot be asked about all inputs.`,
  why: 'It answers for the rows that are there; of any other input it knows nothing, and would repeat what it said of another one.',
  fix: 'Name the model itself (a file, a command, a server), or ask `every` or `must` of its rows.',
})

export const forallOfJudge = defineDiagnostic<{ model: string; judged: string }>({
  code: 'check/forall-of-judge',
  severity: 'error',
  message: ({ model }) => `\`${model}\` is a judge and cannot be asked about all inputs.`,
  why: 'What it judges is an answer to a row, and not an input that could be any.',
  fix: ({ judged }) => `Ask \`forall\` of \`${judged}\`, or \`every\` or \`must\` of what the judge says.`,
})

export const badJudge = defineDiagnostic<{ model: string; problem: string; fix: string }>({
  code: 'check/bad-judge',
  severity: 'error',
  message: ({ model, problem }) => `\`${model}\` cannot judge so: ${problem}.`,
  why: 'A judge is asked about a row when the model that it judges has answered it.',
  fix: ({ fix }) => fix,
})

export const versionUnread = defineDiagnostic<{ protocol: string }>({
  code: 'check/version-unread',
  severity: 'error',
  message: ({ protocol }) =>
    `\`version\` is held against what a chat says in each answer, which no answer of \`${protocol}\` does.`,
  why: 'It would be ignored, and the reader would think that another version is noticed.',
  fix: 'Remove it: a server of the Open Inference Protocol states its version itself.',
})

export const promptColumn = defineDiagnostic<{ name: string; known: readonly string[] }>({
  code: 'check/prompt-column',
  severity: 'error',
  message: ({ name }) => `The prompt reads \`{${name}}\`, which is no input of the model.`,
  why: 'It would be sent as it stands, and the answer would be about braces.',
  fix: ({ known }) => `Inputs: ${list(known)}.`,
})

export const promptMissing = defineDiagnostic<{ model: string }>({
  code: 'check/prompt-missing',
  severity: 'error',
  message: ({ model }) => `The model \`${model}\` is a chat, and nothing says what it is asked.`,
  why: 'A chat takes a text; how the cells of a row become one is no choice of ours.',
  fix: 'Add `prompt: "… {column} …"` and `model: NAME` to its artifact.',
})

export const otherwiseValue = defineDiagnostic<{ value: string; problem: string }>({
  code: 'check/otherwise-value',
  severity: 'error',
  message: ({ value, problem }) => `\`otherwise: ${value}\` cannot stand for an answer: ${problem}.`,
  why: 'Where a chat answers something that is no value of its output, this one takes its place, and clauses read it like any other.',
  fix: 'Add it to the `values` of the only output, or leave it out: such a row then has no answer.',
})
