import type { EveryClause } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import type { RecordValue } from '../expr/value.ts'
import { type Asked, type AskedRelation, askedRelations, isAuthored, premise } from './asked.ts'
import { byCases } from './cases.ts'
import { connected, groupsOf } from './connected.ts'
import type { Finding, Findings } from './findings.ts'
import { minimalConflict } from './minimal.ts'
import { smallestRepair } from './repair/condition-repair.ts'
import type { Asking } from './satisfiable.ts'
import { findRow } from './search.ts'

/** Steps from column to column, after which all that a clause is connected with is asked about at once. */
const MOST_HOPS = 2

const FEW_COLUMNS = 2

const RANK = { info: 0, warn: 1, block: 2 } as const

/** Asks for a minimal set of demands that no row meets together; undefined where there is a row, or no answer. */
type Conflict = (asked: readonly Asked[], start?: RecordValue) => Promise<readonly Asked[] | undefined>

/** What of the `every` clauses of a program cannot be met together, is said twice, or speaks of no row. */
export async function analyseConditions(program: Program, asking: Asking): Promise<Findings> {
  const findings: Finding[] = []
  const seen = new Set<string>()
  let undecided = 0
  const add = (key: string, finding: Finding): void => {
    if (!seen.has(key)) findings.push(finding)
    seen.add(key)
  }
  const answers = new Map<string, Awaited<ReturnType<typeof minimalConflict>>>()
  const conflict: Conflict = async (asked, start) => {
    // Of few columns every case is looked at in no time; of many, a row is mostly found sooner.
    const few = new Set(asked.flatMap(({ columns }) => [...columns])).size <= FEW_COLUMNS
    const cases = few ? byCases(asked) : undefined
    if (cases === undefined && asking.isSpent?.() === true) {
      undecided++
      return undefined
    }
    if (cases?.kind === 'satisfiable' || (cases === undefined && findRow(asked, start) !== undefined)) return undefined
    const key = keyOf(asked)
    const minimal = answers.get(key) ?? (await minimalConflict(asked, asking))
    if (minimal === 'unknown' && !answers.has(key)) undecided++
    answers.set(key, minimal)
    if (typeof minimal === 'string') return undefined
    // The answer may have been given for another relation with the same demands: what is returned are those of this one.
    const names = new Set(minimal.map(({ demand }) => demand.name))
    return asked.filter(({ demand }) => names.has(demand.name))
  }
  const contradiction = async (relation: string, minimal: readonly Asked[]): Promise<void> => {
    const key = `contradiction ${keyOf(minimal)}`
    if (seen.has(key)) return
    const repair = await smallestRepair(minimal, asking)
    add(key, {
      kind: 'contradiction',
      relation,
      clauses: clausesOf(minimal),
      given: minimal.flatMap(({ clause, slice }) => (clause === undefined ? [slice] : [])),
      ...(repair === undefined ? {} : { repair }),
    })
  }
  const superfluousBy: Superfluous[] = []
  for (const relation of askedRelations(program)) {
    let left = withoutKnown(
      relation.asked.filter(({ slice, clause }) => slice === 'all' || clause === undefined),
      findings,
    )
    const row = new Map(findRow(left) ?? [])
    for (const group of row.size > 0 ? [] : groupsOf(left)) {
      let rest = group
      for (let minimal = await conflict(rest); minimal !== undefined; minimal = await conflict(rest)) {
        // Where rows enough may fail, it is enough to leave out the demand that most of them may.
        const found = slackOf(minimal) < 1 ? minimal : [mostSlack(minimal)]
        if (found === minimal) await contradiction(relation.name, minimal)
        rest = rest.filter((each) => !found.includes(each))
        left = left.filter((each) => !found.includes(each))
      }
      for (const [name, cell] of findRow(rest) ?? []) row.set(name, cell)
    }
    for (const { name, condition, clauses: askedBy } of relation.slices) {
      const own = relation.asked.filter(({ slice, clause }) => slice === name && clause !== undefined)
      const columns = new Set([condition, ...own].flatMap((each) => [...each.columns]))
      const minimal = await conflict([...connected(columns, left), ...own, condition], row)
      if (minimal === undefined) continue
      if (minimal.some((each) => own.includes(each))) {
        if (slackOf(minimal) < 1) await contradiction(relation.name, minimal)
      } else if (minimal.every(({ slack }) => slack === 0)) {
        const by = clausesOf(minimal)
        add(`slice ${name}`, { kind: 'empty-slice', relation: relation.name, slice: name, askedBy, by })
      }
    }
    superfluousBy.push(...(await superfluous({ ...relation, asked: left }, row, conflict)))
  }
  // A clause of several relations is of no use only where it is of none in each of them.
  for (const finding of superfluousBy) {
    const all = superfluousBy.filter((other) => other.clause === finding.clause)
    if (all.length === finding.clause.of.length) add(`superfluous ${finding.clause.id}`, finding)
  }
  return { findings, undecided }
}

/** The share of rows that may fail one of them; above 1, each row may. Exact to far less than a share of one row counts for. */
const slackOf = (asked: readonly Asked[]): number => asked.reduce((sum, { slack }) => sum + slack, 0) + 1e-9

const mostSlack = (asked: readonly Asked[]): Asked =>
  asked.reduce((best, each) => (each.slack > best.slack ? each : best))

/** Demands without those of a contradiction that was found in another relation. */
function withoutKnown(asked: readonly Asked[], findings: readonly Finding[]): readonly Asked[] {
  const ids = new Set(asked.map(({ clause }) => clause?.id))
  const known = new Set(
    findings.flatMap((finding) =>
      finding.kind === 'contradiction' && finding.given.length === 0 && finding.clauses.every(({ id }) => ids.has(id))
        ? finding.clauses.map(({ id }) => id)
        : [],
    ),
  )
  return asked.filter(({ clause }) => clause === undefined || !known.has(clause.id))
}

type Superfluous = Extract<Finding, { kind: 'redundant' | 'vacuous' }>

/** Clauses written for this relation that ask nothing: they follow from others, or their premise is never true. */
async function superfluous(
  { name: relation, asked }: AskedRelation,
  row: RecordValue,
  conflict: Conflict,
): Promise<readonly Superfluous[]> {
  const found: Superfluous[] = []
  const dropped = new Set<Asked>()
  for (const each of asked) {
    const { clause } = each
    if (clause === undefined || !isAuthored(clause) || !clause.of.some((of) => of.relation === relation)) continue
    const sure = asked.filter(
      (other) =>
        other !== each &&
        !dropped.has(other) &&
        other.slack === 0 &&
        (other.clause === undefined || RANK[other.clause.severity] >= RANK[clause.severity]),
    )
    // What is left out first is what a person wrote: that a clause follows from contracts says more.
    const near = connected(each.columns, sure).toSorted((a, b) => Number(isWritten(b)) - Number(isWritten(a)))
    const otherwise = { ...each, demand: { ...each.demand, holds: false } }
    const minimal = await nearestConflict(otherwise, near, row, conflict)
    if (minimal === undefined) continue
    dropped.add(each)
    const when = premiseOf(each.demand.expr)
    const contracts = near.filter((other) => other.clause === undefined || !isAuthored(other.clause))
    const never = when === undefined ? undefined : await conflict([...contracts, premise(`if ${clause.id}`, when)], row)
    found.push(
      never === undefined
        ? { kind: 'redundant', relation, clause, by: clausesOf(minimal.filter((other) => near.includes(other))) }
        : { kind: 'vacuous', relation, clause, by: clausesOf(never) },
    )
  }
  return found
}

const isWritten = ({ clause }: Asked): boolean => clause !== undefined && isAuthored(clause)

/**
 * The demands that a clause follows from. Mostly they read its own columns, or columns that others compare with these: a
 * far smaller question than that of all it is connected with.
 */
async function nearestConflict(
  of: Asked,
  connectedWith: readonly Asked[],
  row: RecordValue,
  conflict: Conflict,
): Promise<readonly Asked[] | undefined> {
  let columns = of.columns
  let before = -1
  for (let hop = 0; ; hop++) {
    const near =
      hop === MOST_HOPS
        ? connectedWith
        : connectedWith.filter((each) => [...each.columns].every((name) => columns.has(name)))
    if (near.length !== before) {
      const found = await conflict([...near, of], row)
      if (found !== undefined) return found
    }
    if (near.length === connectedWith.length) return undefined
    before = near.length
    columns = new Set(
      connectedWith.flatMap((each) => ([...each.columns].some((name) => columns.has(name)) ? [...each.columns] : [])),
    )
  }
}

/** The premise of a condition written as an implication: `!(a) || b`, `a ? b : true`. */
export function premiseOf(expr: Expr): Expr | undefined {
  if (expr.node === 'conditional' && expr.args[2].node === 'literal' && expr.args[2].value === true) return expr.args[0]
  if (expr.node !== 'or') return undefined
  const [left] = expr.args
  return left.node === 'call' && left.fn === 'not' ? left.args[0] : undefined
}

function clausesOf(asked: readonly Asked[]): readonly EveryClause[] {
  return [...new Set(asked.flatMap(({ clause }) => (clause === undefined ? [] : [clause])))]
}

const keyOf = (asked: readonly Asked[]): string =>
  asked
    .map(({ demand }) => `${demand.holds ? '' : '!'}${demand.name}`)
    .toSorted()
    .join('\0')
