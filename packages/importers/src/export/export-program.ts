import type { Program } from '@plumbline/core'
import { stringify } from 'yaml'
import type { ClauseFacts, Exported, ExportedClause } from './fact.ts'
import { factsOfClause } from './facts-of-clause.ts'
import type { Said } from './said.ts'
import { toExpectations } from './to-great-expectations.ts'
import { toModels } from './to-dbt.ts'
import { toContract } from './to-odcs.ts'

/** What clauses can be exported to. */
export type ExportFormat = 'great-expectations' | 'odcs' | 'dbt'

/** All formats, by name. */
export const exportFormats: readonly { readonly name: ExportFormat; readonly title: string; readonly file: string }[] =
  [
    { name: 'great-expectations', title: 'Great Expectations 1.x (suite, JSON)', file: 'suite.json' },
    { name: 'odcs', title: 'Open Data Contract Standard 3.1 (YAML)', file: 'contract.odcs.yaml' },
    { name: 'dbt', title: 'dbt (data tests in properties, YAML)', file: 'schema.yml' },
  ]

/** A clause with what it says, or why it does not. */
export interface Spoken<T> {
  readonly clause: ClauseFacts
  readonly said: Said<T>
}

/**
 * The checks of a program's tables in the words of another tool. Every clause is reported: exported, changed or refused.
 * A suite of Great Expectations is about one table: that of `dataset`, or else the first.
 */
export function exportProgram(program: Program, to: ExportFormat, dataset?: string): Exported {
  const reports: ExportedClause[] = []
  const clauses: ClauseFacts[] = []
  const table = dataset ?? program.datasets[0]?.name
  for (const clause of program.clauses) {
    const found = factsOfClause(clause, program)
    if ('refused' in found) reports.push({ clause: clause.id, outcome: 'refused', notes: [found.refused] })
    else if (to === 'great-expectations' && found.read.dataset !== table)
      reports.push({
        clause: clause.id,
        outcome: 'refused',
        notes: [`It is about ${found.read.dataset}: a suite is about one table, this one about ${table}.`],
      })
    else clauses.push(found.read)
  }
  const report = <T>({ clause, said }: Spoken<T>): void => {
    if ('refused' in said) reports.push({ clause: clause.id, outcome: 'refused', notes: [said.refused] })
    else reports.push({ clause: clause.id, outcome: said.notes.length > 0 ? 'changed' : 'exported', notes: said.notes })
  }
  const text = written(program, to, clauses, table ?? 'data', report)
  const order = new Map(program.clauses.map(({ id }, i) => [id, i]))
  return { text, clauses: reports.toSorted((a, b) => (order.get(a.clause) ?? 0) - (order.get(b.clause) ?? 0)) }
}

function written(
  program: Program,
  to: ExportFormat,
  clauses: readonly ClauseFacts[],
  table: string,
  report: (spoken: Spoken<unknown>) => void,
): string {
  switch (to) {
    case 'great-expectations': {
      const spoken = clauses.map((clause) => ({ clause, said: toExpectations(clause) }))
      spoken.forEach(report)
      return `${JSON.stringify(suite(table, spoken), null, 2)}\n`
    }
    case 'odcs':
      return stringify(toContract(program, clauses, report), { lineWidth: 0 })
    case 'dbt':
      return stringify(toModels(program, clauses, report), { lineWidth: 0 })
  }
}

const SEVERITIES = { block: 'critical', warn: 'warning', info: 'info' } as const

function suite(name: string, spoken: readonly Spoken<ReturnType<typeof itemsOf>[number]>[]): object {
  return {
    name,
    expectations: spoken.flatMap(({ clause, said }) =>
      itemsOf(said).map(({ type, kwargs }) => ({
        type,
        kwargs,
        meta: { plumbline: { clause: clause.id } },
        notes: clause.says,
        severity: SEVERITIES[clause.severity],
      })),
    ),
    meta: { plumbline: { format: 1 } },
    notes: null,
  }
}

function itemsOf(said: ReturnType<typeof toExpectations>) {
  return 'refused' in said ? [] : said.items
}
