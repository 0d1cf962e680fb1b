import type { CaseArray, CaseOmission, ClauseDrift } from '@plumbline/core/cases'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'
import type { Generated } from '../verbs/generate.ts'

/** What `plumb generate` prints to people. */
export function generatedText(generated: Generated, check: boolean, style: Style): string {
  const { cases, clauses, arrays, omitted, unwritten, files, drift } = generated
  const lines = [
    `${cases} cases of ${Object.keys(clauses).length} clauses`,
    ...arrays.map((each) => `  ${style.dim('array')}  ${oneLine(arrayText(each))}`),
    ...byReason(omitted).map((text) => `  ${style.dim('none ')}  ${oneLine(text)}`),
    ...unwritten.map(
      ({ format, clause, why }) => `  ${style.yellow('left out')}  ${oneLine(`${clause} of ${format}: ${why}`)}`,
    ),
    ...drift.map((each) => `  ${style.yellow('changed')}  ${oneLine(driftText(each))}`),
    ...files.map(
      ({ path, changed }) =>
        `${oneLine(path)} ${changed ? (check ? style.yellow('is not up to date') : 'written') : 'unchanged'}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

function arrayText({ clauses, factors, strength, rows, lowerBound, method, infeasible, undecided }: CaseArray): string {
  const bound = rows === lowerBound ? 'no smaller one exists' : `at least ${lowerBound} are needed`
  const excluded = infeasible === 0 ? '' : `; ${infeasible} combinations excluded by conditions`
  const open = undecided === 0 ? '' : `; ${undecided} not decided, and left out`
  return `${clauses.join(', ')}: ${factors} columns, every ${strength} combined in ${rows} rows (${method}), ${bound}${excluded}${open}`
}

const WORDS: Readonly<Record<ClauseDrift['why'], string>> = {
  'new clause': 'is new',
  'clause removed': 'is gone',
  'clause changed': 'asks something else',
  domain: 'asks the same of another domain',
}

function driftText({ clause, why, asked, asks, added, removed, kept }: ClauseDrift): string {
  const change = asked === undefined || asks === undefined ? '' : ` (${asked} → ${asks})`
  return `${clause} ${WORDS[why]}${change}: ${added} cases more, ${removed} less, ${kept} as before`
}

/** Most clauses without cases share their reason. */
function byReason(omitted: readonly CaseOmission[]): readonly string[] {
  return [...Map.groupBy(omitted, ({ why }) => why)].map(([why, own]) => {
    const names = own.slice(0, 3).map(({ clause }) => clause)
    const more = own.length > names.length ? ` and ${own.length - names.length} more` : ''
    return `${names.join(', ')}${more}: ${why}`
  })
}
