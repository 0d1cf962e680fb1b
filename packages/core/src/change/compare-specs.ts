import type { Clause } from '../clause/clause.ts'
import type { Program, ProgramColumn } from '../clause/program.ts'
import type { Change, SpecChange } from './change.ts'
import { compareClauses } from './compare-clauses.ts'
import type { ImplicationPort } from './condition/compare-conditions.ts'
import type { ColumnFacts, Facts } from './condition/leaves.ts'
import { coveringOf } from './covering.ts'
import type { Compared } from './facets/relations.ts'
import { compareSettings } from './settings/compare-settings.ts'
import { versionChange } from './version.ts'

/**
 * What changed from one spec to another, clause by clause. A clause is known by its id: renaming is removal and addition, but
 * a removed clause that a new one asks at least as much as is said to be covered by it. `port` decides implications that
 * bounds alone leave open.
 */
export function compareSpecs(before: Program, after: Program, port?: ImplicationPort): SpecChange {
  const compared: Compared = {
    before,
    after,
    facts: declaredFacts([before, after]),
    ...(port === undefined ? {} : { port }),
  }
  const old = new Map(before.clauses.map((clause) => [clause.id, clause]))
  const now = new Map(after.clauses.map((clause) => [clause.id, clause]))
  const added = after.clauses.filter(({ id }) => !old.has(id))
  const kept = after.clauses.filter(({ id }) => old.has(id))
  const changes: readonly Change[] = [
    ...after.clauses.map((clause) => {
      const earlier = old.get(clause.id)
      return earlier === undefined ? addition(clause) : compareClauses(earlier, clause, compared)
    }),
    ...compareSettings(before, after),
    ...before.clauses
      .filter(({ id }) => !now.has(id))
      .map((clause) => removal(clause, coveringOf(clause, added, kept, compared))),
  ]
  return {
    before: before.spec,
    after: after.spec,
    changes,
    version: versionChange(before.spec.version, after.spec.version, changes),
  }
}

function addition(clause: Clause): Change {
  return {
    id: clause.id,
    subject: 'clause',
    kind: 'added',
    says: clause.says,
    severity: { after: clause.severity },
    facets: [],
  }
}

function removal({ id, says, severity }: Clause, coveredBy: readonly string[] | undefined): Change {
  return {
    id,
    subject: 'clause',
    kind: 'removed',
    says,
    severity: { before: severity },
    facets: [],
    ...(coveredBy === undefined ? {} : { coveredBy }),
  }
}

/** Whether a change leaves less, or something else, of what the old spec asked for. */
export function losesSomething({ kind, coveredBy }: Change): boolean {
  return (kind === 'removed' && coveredBy === undefined) || kind === 'weakened' || kind === 'incomparable'
}

/** Declared ranges by column name; where columns of one name differ, the widest. */
function declaredFacts(programs: readonly Program[]): Facts {
  const byName = new Map<string, ColumnFacts>()
  const add = (column: ProgramColumn): void => {
    const [low, high] = [numberOf(column.low), numberOf(column.high)]
    const earlier = byName.get(column.name)
    byName.set(column.name, {
      nullable: true,
      ...wider('low', low, earlier, Math.min),
      ...wider('high', high, earlier, Math.max),
    })
  }
  for (const { datasets, models } of programs) {
    for (const { columns } of datasets) columns.forEach(add)
    for (const { outputs } of models) outputs.forEach(add)
  }
  return (name) => byName.get(name) ?? { nullable: true }
}

function wider(
  side: 'low' | 'high',
  bound: number | undefined,
  earlier: ColumnFacts | undefined,
  choose: (a: number, b: number) => number,
): Partial<ColumnFacts> {
  if (bound === undefined || (earlier !== undefined && earlier[side] === undefined)) return {}
  return { [side]: earlier === undefined ? bound : choose(bound, earlier[side] ?? bound) }
}

function numberOf(bound: number | string | undefined): number | undefined {
  const value = Number(bound)
  return bound === undefined || !Number.isFinite(value) ? undefined : value
}
