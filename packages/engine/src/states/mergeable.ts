import { aggregates, type FileDataset, type Instance, isInFiles, type ProgramDataset } from '@plumbline/core'
import { planMargin } from '../decide/margin.ts'
import { isEstimate } from '../decide/must.ts'
import { needsValues } from '../plan/samples.ts'
import { isRemote } from '../relations/object-store.ts'
import { isPattern } from '../relations/source-files.ts'
import { isMergeable } from './term-state.ts'

/** Why a dataset is not measured file by file; undefined where it is. */
export function wholeDataset(dataset: ProgramDataset): string | undefined {
  if (!isInFiles(dataset)) return 'its rows are in a database'
  const { path, ragged } = dataset.source
  if (isRemote(path)) return 'its files are behind an address, where their bytes are not known'
  if (!isPattern(path)) return 'its source is one file'
  return ragged === 'skip' ? 'lines that are left out (`ragged: skip`) are told of the source as a whole' : undefined
}

/** A dataset that is measured file by file. */
export function partitioned(dataset: ProgramDataset | undefined): FileDataset | undefined {
  return dataset !== undefined && isInFiles(dataset) && wholeDataset(dataset) === undefined ? dataset : undefined
}

/** Why a clause reads all rows at once; undefined where parts of them, measured one by one, decide it. */
export function readsEverything({ clause }: Instance): string | undefined {
  if (clause.form !== 'every' && clause.form !== 'must')
    return `clauses of the form \`${clause.form}\` are not decided so`
  if (clause.unenforced !== undefined) return 'it is not enforced'
  if (clause.sample !== undefined) return 'its rows are drawn from all of them'
  if (clause.form === 'every') {
    return clause.condition.kind === 'unique-key' ? 'a key may occur in two files' : undefined
  }
  const { terms, comparisons } = clause.must
  for (const term of terms) {
    if (!isMergeable(term)) return `\`${term.expression}\` needs the rows themselves`
    if (isEstimate(term) && needsValues(term))
      return `the interval of \`${term.expression}\` (${aggregates[term.fn].interval}) needs the rows themselves`
  }
  const estimated = (index: number) => {
    const term = terms[index]
    return term !== undefined && isEstimate(term)
  }
  const values = terms.map(() => 1)
  const joint = comparisons.find(
    (comparison) =>
      terms.some((_, index) => estimated(index)) && planMargin(comparison, estimated, values).kind !== 'affine',
  )
  return joint === undefined ? undefined : 'several estimates in one comparison are resampled row by row'
}
