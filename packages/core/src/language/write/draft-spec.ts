import { Document } from 'yaml'
import type { DataProfile } from './data-profile.ts'
import { commentDataset, dataEntry, mapAt } from './dataset-entry.ts'
import { type Drafted, type DraftedClause, supportText } from './drafted.ts'
import { commentSystem, type FirstSpec } from './first-spec.ts'
import { asciiWords, counted, shown } from './names.ts'

/** One dataset of a draft. */
export interface DraftPart {
  readonly dataset: string
  readonly profile: DataProfile
  readonly drafted: Drafted
}

/**
 * Writes the draft of a spec. Every clause says what it rests on under `rationale`, warns and is `origin: profiled`; what
 * only a person can decide is a comment with `TODO`. The ids of the clauses must differ over all parts.
 */
export function writeDraft(parts: readonly DraftPart[]): Omit<FirstSpec, 'dataset'> {
  const [first] = parts
  const document = new Document({
    plumbline: 1,
    system: { name: asciiWords(first?.dataset ?? '', '-') || 'system', version: '0.1.0' },
    data: Object.fromEntries(parts.map(({ dataset, profile, drafted }) => [dataset, dataEntry(profile, drafted)])),
    clauses: new Map(parts.flatMap(({ drafted }) => drafted.clauses.map((clause) => [clause.id, clauseEntry(clause)]))),
  })
  const todos: string[] = []
  const todo = (text: string): string => {
    todos.push(text)
    return ` TODO: ${text}`
  }
  document.commentBefore = [
    ` A draft of ${parts.map(({ profile: { source, rows } }) => `${shown(source.path)} (${counted(rows, 'row')})`).join(', ')}, written by \`plumb draft\`.`,
    ' Every clause holds in the rows it was drafted from, in a part of them that was held out, and in at least 95 % of',
    ' resamples; `rationale` says how. None is what anybody promised: each is `origin: profiled` and only warns.',
    ' To make one yours, correct it and remove its `severity: warn` and `origin: profiled`: then it blocks.',
    ' Until one clause blocks, `plumb check` warns of it and the gate stays closed. TODO marks what only you can decide.',
  ].join('\n')
  commentSystem(document, todo)
  for (const { dataset, profile, drafted } of parts) commentDataset(document, profile, dataset, todo, drafted)
  const splits = parts.filter(({ drafted }) => drafted.splits.size > 0)
  for (const { dataset } of splits) mapAt(document, ['data', dataset, 'splits']).flow = true
  return { text: document.toString({ lineWidth: 0 }), todos }
}

function clauseEntry({ of, says, every, must, mostly, missing, support, because }: DraftedClause): object {
  return {
    says,
    of,
    ...(every === undefined ? {} : { every }),
    ...(must === undefined ? {} : { must }),
    ...(mostly === undefined ? {} : { mostly }),
    ...(missing === undefined ? {} : { missing }),
    severity: 'warn',
    origin: 'profiled',
    rationale: support === undefined ? (because ?? '') : supportText(support),
  }
}
