import type { TracedClause, TraceMatrix } from '@plumbline/core'
import { levelWords } from './words.ts'

/** Columns of the matrix as a table. */
export const COLUMNS = [
  'requirement',
  'says',
  'source',
  'owner',
  'state',
  'clause',
  'severity',
  'level',
  'suspect',
  'question',
  'verdict',
  'evidence',
] as const

/**
 * The matrix as one row a question; requirements without clause and clauses without question have a row, too. Clauses that
 * meet no requirement, and recorded links to what is gone, are `orphan`.
 */
export function rowsOf(matrix: TraceMatrix): readonly (readonly string[])[] {
  const { clauses, links } = matrix.orphans
  const orphan = (id: string, clause: string): readonly string[] => [
    id,
    '',
    '',
    '',
    'orphan',
    clause,
    '',
    '',
    '',
    '',
    '',
    '',
  ]
  return [
    ...requirementRows(matrix),
    ...clauses.map((clause) => orphan('', clause)),
    ...links.map(({ requirement, clause }) => orphan(requirement, clause)),
  ]
}

function requirementRows(matrix: TraceMatrix): readonly (readonly string[])[] {
  return matrix.requirements.flatMap(({ id, says, source = '', owner = '', state, clauses }) => {
    const about = [id, says, source, owner, state]
    if (clauses.length === 0) return [[...about, '', '', '', '', '', '', '']]
    return clauses.flatMap((clause) => questionsOf(clause).map((question) => [...about, ...question]))
  })
}

function questionsOf(traced: TracedClause): readonly (readonly string[])[] {
  const { clause, severity, suspect, questions, foreign } = traced
  const head = [clause, severity, levelWords(traced), suspect ? 'suspect' : '']
  const own = questions.map(({ relation, slice, verdict, evidence, stale }) => [
    ...head,
    slice === 'all' ? relation : `${relation} [${slice}]`,
    verdict ?? (stale ? 'stale' : 'never tested'),
    evidence ?? '',
  ])
  const others = foreign.map(({ tool, name, verdict }) => [...head, `${tool}: ${name}`, `${verdict} (foreign)`, ''])
  return [...own, ...others]
}
