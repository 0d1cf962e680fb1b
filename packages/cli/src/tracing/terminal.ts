import type { RequirementState, TraceMatrix } from '@plumbline/core'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'
import { countStates, levelWords, verdictWords } from './words.ts'

/** The matrix for people. */
export function matrixText(matrix: TraceMatrix, style: Style): string {
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
function withoutRequirements(matrix: TraceMatrix, style: Style): string {
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

function orphanText({ orphans }: TraceMatrix, style: Style): string {
  const lines = [
    ...(orphans.clauses.length === 0
      ? []
      : [`meets no requirement and controls no hazard: ${orphans.clauses.map(oneLine).join(', ')}`]),
    ...orphans.links.map(
      ({ requirement, clause }) => `recorded, and gone: ${oneLine(requirement)} → ${oneLine(clause)}`,
    ),
    ...(orphans.results.length === 0
      ? []
      : [
          `results that name no clause: ${orphans.results
            .slice(0, 5)
            .map(({ name }) => oneLine(name))
            .join(', ')}${orphans.results.length > 5 ? `, and ${orphans.results.length - 5} more` : ''}`,
        ]),
  ]
  return lines.map((line) => `${style.yellow('!')} ${line}\n`).join('')
}
