import type { Program } from '../clause/program.ts'
import type { RecordValue } from '../expr/value.ts'
import { type Asked, type AskedRelation, askedRelations } from './asked.ts'
import { connected, groupsOf } from './connected.ts'
import type { Finding, Findings } from './findings.ts'
import { decidedNear, minimalConflict, type Near, nearNothing } from './minimal.ts'
import { createDecider } from './predicates/decide.ts'
import { smallestRepair } from './repair/condition-repair.ts'
import { type Asking, finishing } from './satisfiable.ts'
import { clausesOf, type Conflict, type Superfluous, superfluousIn } from './superfluous.ts'

/** What of the `every` clauses of a program cannot be met together, is said twice, or speaks of no row. */
export async function analyseConditions(program: Program, asking: Asking): Promise<Findings> {
  const { contradictions, superfluous } = conditionsOf(program, asking)
  const [first, second] = [await contradictions(), await superfluous()]
  return { findings: [...first.findings, ...second.findings], undecided: first.undecided + second.undecided }
}

/** The same in two steps, of which the second rests on the first: that clauses contradict one another is worth more time. */
export function conditionsOf(program: Program, asking: Asking) {
  const conflicts = conflictsWith(asking)
  const looked: (AskedRelation & { readonly near: Near })[] = []
  return {
    contradictions: async (): Promise<Findings> => {
      const findings: Finding[] = []
      for (const relation of askedRelations(program))
        looked.push(await contradictionsIn(relation, asking, conflicts, findings))
      return { findings, undecided: conflicts.undecided() }
    },
    superfluous: async (): Promise<Findings> => {
      const before = conflicts.undecided()
      const found: Superfluous[] = []
      for (const relation of looked) found.push(...(await superfluousIn(relation, relation.near, conflicts)))
      // A clause of several relations is of no use only where it is of none in each of them.
      const everywhere = found.filter(
        ({ clause }, i) =>
          found.filter((other) => other.clause === clause).length === clause.of.length &&
          found.findIndex((other) => other.clause === clause) === i,
      )
      return { findings: everywhere, undecided: conflicts.undecided() - before }
    },
  }
}

/** Looks for conflicts, and remembers what was found. */
function conflictsWith(asking: Asking) {
  const open = new Set<string>()
  const answers = new Map<string, Awaited<ReturnType<typeof minimalConflict>>>()
  const conflict = async (asked: readonly Asked[], near: Near, isQuick: boolean): ReturnType<Conflict> => {
    await asking.pause?.()
    if (asking.isSpent?.() === true) {
      if (!isQuick) open.add(subjectOf(asked))
      return 'open'
    }
    const decided = decidedNear(asked, near)
    if (decided?.kind === 'satisfiable') return undefined
    if (decided === undefined && isQuick) return 'open'
    const key = keyOf(asked)
    const minimal =
      answers.get(key) ?? (await minimalConflict(decided?.core ?? asked, asking, near, decided === undefined))
    if (minimal === 'unknown') open.add(subjectOf(asked))
    answers.set(key, minimal)
    if (minimal === 'unknown') return 'open'
    if (typeof minimal === 'string') return undefined
    // The answer may have been given for another relation with the same demands: what is returned are those of this one.
    const names = new Set(minimal.map(({ demand }) => demand.name))
    return asked.filter(({ demand }) => names.has(demand.name))
  }
  return {
    quick: (asked: readonly Asked[], near = nearNothing(asked)) => conflict(asked, near, true),
    patient: (asked: readonly Asked[], near = nearNothing(asked)) => conflict(asked, near, false),
    undecided: () => open.size,
  }
}

/** What a question is about: what comes last in it. */
const subjectOf = (asked: readonly Asked[]): string => keyOf(asked.slice(-1))

/** What is asked of a relation's rows without what contradicts something, with a row that meets it as far as one was found. */
async function contradictionsIn(
  relation: AskedRelation,
  asking: Asking,
  { patient }: { readonly patient: Conflict },
  findings: Finding[],
): Promise<AskedRelation & { readonly near: Near }> {
  const conflict = async (asked: readonly Asked[], near?: Near): Promise<readonly Asked[] | undefined> => {
    const found = await patient(asked, near)
    return found === 'open' ? undefined : found
  }
  const contradiction = async (minimal: readonly Asked[]): Promise<void> => {
    const clauses = clausesOf(minimal)
    const given = minimal.flatMap(({ clause, slice }) => (clause === undefined ? [slice] : []))
    const isKnown = findings.some(
      (each) => each.kind === 'contradiction' && sameSet(each.clauses, clauses) && sameSet(each.given, given),
    )
    if (isKnown) return
    const repair = await smallestRepair(minimal, finishing(asking))
    findings.push({
      kind: 'contradiction',
      relation: relation.name,
      clauses,
      given,
      ...(repair === undefined ? {} : { repair }),
    })
  }
  let left = withoutKnown(
    relation.asked.filter(({ slice, clause }) => slice === 'all' || clause === undefined),
    findings,
  )
  const all = [...relation.asked, ...relation.slices.map(({ condition }) => condition)]
  const afresh: Near = { row: new Map(), decider: createDecider(all) }
  const decided = decidedNear(left, afresh)
  const row = new Map(decided?.kind === 'satisfiable' ? decided.row : [])
  for (const group of row.size > 0 ? [] : groupsOf(left)) {
    let rest = group
    for (let minimal = await conflict(rest); minimal !== undefined; minimal = await conflict(rest)) {
      // Where rows enough may fail, it is enough to leave out the demand that most of them may.
      const found = slackOf(minimal) < 1 ? minimal : [mostSlack(minimal)]
      if (found === minimal) await contradiction(minimal)
      rest = rest.filter((each) => !found.includes(each))
      left = left.filter((each) => !found.includes(each))
    }
    for (const [name, cell] of rowOf(rest) ?? []) row.set(name, cell)
  }
  // Where all were decided at once, the decider begins where it ended.
  const near =
    decided?.kind === 'satisfiable' ? { row, decider: afresh.decider } : { row, decider: createDecider(all, row) }
  for (const { name, condition, clauses: askedBy } of relation.slices) {
    const own = relation.asked.filter(({ slice, clause }) => slice === name && clause !== undefined)
    const columns = new Set([condition, ...own].flatMap((each) => [...each.columns]))
    const minimal = await conflict([...connected(columns, left), ...own, condition], near)
    if (minimal === undefined) continue
    if (minimal.some((each) => own.includes(each))) {
      if (slackOf(minimal) < 1) await contradiction(minimal)
    } else if (minimal.every(({ slack }) => slack === 0)) {
      const isKnown = findings.some((each) => each.kind === 'empty-slice' && each.slice === name)
      if (!isKnown)
        findings.push({ kind: 'empty-slice', relation: relation.name, slice: name, askedBy, by: clausesOf(minimal) })
    }
  }
  return { ...relation, asked: left, near }
}

function rowOf(asked: readonly Asked[]): RecordValue | undefined {
  const decided = decidedNear(asked, nearNothing(asked))
  return decided?.kind === 'satisfiable' ? decided.row : undefined
}

const sameSet = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each))

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

const keyOf = (asked: readonly Asked[]): string =>
  asked
    .map(({ demand }) => `${demand.holds ? '' : '!'}${demand.name}`)
    .toSorted()
    .join('\0')
