import { type TracedClause, visible } from '@plumbline/core'
import { countStates, leadingNowhere, levelWords, type ShownMatrix, verdictWords } from './words.ts'

/** The matrix as a Markdown table, one row a clause. */
export function matrixMarkdown(matrix: ShownMatrix): string {
  const lines = [
    '| requirement | state | clause | evidence |',
    '| --- | --- | --- | --- |',
    ...matrix.requirements.flatMap(({ id, says, state, clauses }) =>
      clauses.length === 0
        ? [`| **${plain(id)}** ${plain(says)} | ${state} | no clause meets it | |`]
        : clauses.map((clause, i) =>
            i === 0
              ? `| **${plain(id)}** ${plain(says)} | ${state} | ${clauseCell(clause)} | ${verdictWords(clause)} |`
              : `| | | ${clauseCell(clause)} | ${verdictWords(clause)} |`,
          ),
    ),
  ]
  const nowhere = leadingNowhere(matrix, plain).map((line) => `- ${line}\n`)
  return `## Requirements: ${countStates(matrix)}\n\n${lines.join('\n')}\n${nowhere.length === 0 ? '' : `\n${nowhere.join('')}`}`
}

function clauseCell(traced: TracedClause): string {
  const { clause, severity, suspect } = traced
  const more = [levelWords(traced), severity === 'block' ? '' : severity, suspect ? 'suspect: its text changed' : '']
  const said = more.filter((part) => part !== '').join(', ')
  return `\`${plain(clause)}\`${said === '' ? '' : ` (${said})`}`
}

/** Text of a spec as Markdown shows it: nothing in it is markup, and it stays in its cell. */
function plain(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`)
}
