import type { RequirementState } from '@plumbline/core'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'
import { type ShownMatrix, countStates, leadingNowhere, levelWords, verdictWords } from './words.ts'

/** The matrix for people. */
export function matrixText(matrix: ShownMatrix, style: Style): string {
  if (matrix.requirements.length === 0) return withoutRequirements(matrix, style)
  const mark: Readonly<Record<RequirementState, string>> = {
    verified: style.green('✓'),
    covered: style.yellow('?'),
    suspect: style.yellow('!'),
    failing: style.red('✗'),
    uncovered: style.red('✗'),
  }
  const parts = matrix.requirements.map(({ id, says, state, clauses }) => {
    const width = Math.max(...clauses.map(({ clause }) => oneLine(clause).length), 0)
    const lines = clauses.map((clause) => {
      const { severity, suspect } = clause
      const more = [severity === 'block' ? '' : severity, suspect ? style.yellow('its text changed since') : '']
      const said = more.filter((part) => part !== '').join(', ')
      return `    ${oneLine(clause.clause).padEnd(width)}  ${style.dim(levelWords(clause))} ${verdictWords(clause)}${said === '' ? '' : style.dim(` (${said})`)}\n`
    })
    const head = `${mark[state]} ${style.bold(oneLine(id))} ${oneLine(says)} ${style.dim(`— ${state}`)}\n`
    return head + (clauses.length === 0 ? '    no clause meets it\n' : lines.join(''))
  })
  return `${parts.join('')}${orphanText(matrix, style)}\n${countStates(matrix)}\n`
}

/** Clauses that meet none are all of them: what to do is said instead. */
function withoutRequirements(matrix: ShownMatrix, style: Style): string {
  const { clauses } = matrix.orphans
  const count = `${clauses.length} ${clauses.length === 1 ? 'clause is' : 'clauses are'}`
  return [
    `${style.yellow('!')} The spec has no requirements, so its ${count} traced to nothing.\n`,
    '  Write them in the spec, or name the files that hold them (CSV, Markdown, ReqIF, YAML), and let clauses say which they meet:\n\n',
    '    requirements:\n      from: [requirements.csv]\n      R-1: { says: Analysts can rely on the ranking. }\n',
    `    clauses:\n      ${clauses[0] === undefined ? 'ranks-well' : oneLine(clauses[0])}: { meets: [R-1], … }\n\n`,
    orphanText({ ...matrix, orphans: { ...matrix.orphans, clauses: [] } }, style),
  ].join('')
}

const orphanText = (matrix: ShownMatrix, style: Style): string =>
  leadingNowhere(matrix, oneLine)
    .map((line) => `${style.yellow('!')} ${line}\n`)
    .join('')
