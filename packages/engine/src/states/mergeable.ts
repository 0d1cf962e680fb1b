import {
  type Comparison,
  type FileDataset,
  type Instance,
  isInFiles,
  type Program,
  type ProgramDataset,
  type Term,
} from '@plumbline/core'
import { termsOf } from '../decide/arithmetic.ts'
import { planMargin } from '../decide/margin.ts'
import { isEstimate } from '../decide/must.ts'
import { comparedTerm, isSampled } from '../plan/distance-terms.ts'
import { columnsOfTerm } from '../plan/row-terms.ts'
import { isRowTerm } from '../plan/samples.ts'
import { isRemote } from '../relations/object-store.ts'
import { isPattern } from '../relations/source-files.ts'
import { comparedWithin, dataRelation, declaredBins } from './compared-bins.ts'
import { hasImages } from '../images/image-columns.ts'
import { needsNumbers } from './counted-numbers.ts'
import { isMergeable } from './term-state.ts'

/** Why a dataset is not measured file by file; undefined where it is. */
export function wholeDataset(dataset: ProgramDataset): string | undefined {
  if (!isInFiles(dataset)) return 'its rows are in a database'
  const { path, ragged } = dataset.source
  if (isRemote(path)) return 'its files are behind an address, where their bytes are not known'
  if (!isPattern(path)) return 'its source is one file'
  if (hasImages(dataset)) return 'its rows name images, which are files of their own'
  return ragged === 'skip' ? 'lines that are left out (`ragged: skip`) are told of the source as a whole' : undefined
}

/** A dataset that is measured file by file. */
export function partitioned(dataset: ProgramDataset | undefined): FileDataset | undefined {
  return dataset !== undefined && isInFiles(dataset) && wholeDataset(dataset) === undefined ? dataset : undefined
}

/** Why a clause reads all rows at once; undefined where parts of them, measured one by one, decide it. */
export function readsEverything({ clause, relation }: Instance, program: Program): string | undefined {
  if (clause.form !== 'every' && clause.form !== 'must')
    return `clauses of the form \`${clause.form}\` are not decided so`
  if (clause.unenforced !== undefined) return 'it is not enforced'
  if (clause.sample !== undefined) return 'its rows are drawn from all of them'
  if (clause.form === 'every') {
    const { condition } = clause
    return condition.kind === 'unique-key' ? keysRead(condition.columns, relation, program) : undefined
  }
  const { terms, comparisons } = clause.must
  for (const term of terms) {
    const because = termReadsEverything(term, relation, program)
    if (because !== undefined) return because
  }
  const rowwise = (index: number): boolean => {
    const term = terms[index]
    return term !== undefined && isEstimate(term) && isRowTerm(term)
  }
  return comparisons.some((comparison) => isJoint(comparison, terms, rowwise))
    ? 'several estimates in one comparison are resampled row by row'
    : undefined
}

/** A column among some of which no cell, and nothing that tells one, may be kept. */
function hiddenAmong(columns: Iterable<string>, relation: string, program: Program): string | undefined {
  const own = dataRelation(program, relation)
  const declared = program.datasets.find(({ name }) => name === own?.dataset)?.columns ?? []
  const named = new Set(columns)
  return declared.find((column) => named.has(column.name) && column.sensitive === true)?.name
}

const nothingKept = (column: string): string => `of \`${column}\` (\`sensitive\`) no cells are kept`

/** Why what is to be distinct is not told from hashes of it. */
function keysRead(columns: readonly string[], relation: string, program: Program): string | undefined {
  const hidden = hiddenAmong(columns, relation, program)
  return hidden === undefined ? undefined : `a key may occur in two files, and ${nothingKept(hidden)}`
}

function termReadsEverything(term: Term, relation: string, program: Program): string | undefined {
  const compared = comparedTerm(term)
  if (compared !== undefined && comparedWithin(program, relation, compared.reference) === undefined)
    return `\`${term.expression}\` compares with rows that are no data relation`
  if (!isMergeable(term)) return `\`${term.expression}\` needs the rows themselves`
  const hidden = keepsCells(term, relation, program) ? hiddenAmong(columnsOfTerm(term), relation, program) : undefined
  return hidden === undefined
    ? undefined
    : `\`${term.expression}\` needs the rows themselves, since ${nothingKept(hidden)}`
}

/** Whether the state of a term holds more cells than the term says itself, or hashes of them. */
function keepsCells(term: Term, relation: string, program: Program): boolean {
  const compared = comparedTerm(term)
  if (compared === undefined)
    return needsNumbers(term) || ['duplicates', 'distinct', 'approx_quantile_by_rank'].includes(term.fn)
  if (isSampled(compared.fn)) return true
  if (comparedWithin(program, relation, compared.reference) !== 'same') return false
  const own = dataRelation(program, relation)
  const dataset = partitioned(program.datasets.find(({ name }) => name === own?.dataset))
  return own === undefined || dataset === undefined || declaredBins(dataset, own, compared.column) === undefined
}

/** Whether a comparison is resampled, and reads a term that needs rows for it: one of bins has its counts. */
function isJoint(comparison: Comparison, terms: readonly Term[], rowwise: (index: number) => boolean): boolean {
  if (![...termsOf(comparison.left), ...termsOf(comparison.right)].some(rowwise)) return false
  const estimated = (index: number): boolean => {
    const term = terms[index]
    return term !== undefined && isEstimate(term)
  }
  const values = terms.map(() => 1)
  return planMargin(comparison, estimated, values).kind !== 'affine'
}
