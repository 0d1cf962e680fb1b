import {
  boundBetween,
  type Control,
  type Draft,
  draftsFor,
  type Fault,
  type Instance,
  type Measure,
  type Proposal,
  proposalOf,
  type Separation,
  type Statement,
  writtenDraftsFor,
  writtenProposal,
} from '@plumbline/core'
import { ask } from './ask.ts'
import { compilingOf, proposalsThatKill } from './kill.ts'
import { controlAsking, type Planting, withFault, withProgram } from './planting.ts'

/** Faults that a clause is looked for, at most: what is looked at is a list, not a flood. */
const MOST = 40

/** A measurement that tells a fault from what is usual. */
interface Found {
  readonly fault: Fault
  readonly draft: Draft
  readonly separation: Separation
  readonly reason: string
}

/**
 * Clauses that would have noticed what nothing noticed. Numbers are measured by the engine on the data as they are, on the controls and on
 * the fault, and get a bound where one lies between; what has no number is taken as it is written. Each clause is then asked like any other, and
 * proposed only where it kills the fault and raises no alarm (`kill.ts`). By the id of the fault. All of them can be accepted together: two faults that one number shows
 * are given one clause, which has a bound for both.
 */
export async function proposalsFor(
  planting: Planting,
  survivors: readonly Fault[],
  controls: readonly Control[],
): Promise<ReadonlyMap<string, Proposal>> {
  const { program, signal } = planting.request
  const wanted = survivors.slice(0, MOST).map((fault) => ({ fault, drafts: draftsFor(program, fault) }))
  // The plainest number first: the others cost as much again, and most faults need none of them.
  const plain = await looked(
    planting,
    wanted.map(({ fault, drafts }) => ({ fault, drafts: drafts.slice(0, 1) })),
    controls,
  )
  const left = wanted.filter(({ fault }) => !plain.some((each) => each.fault === fault && isClear(each)))
  const others = await looked(
    planting,
    left.map(({ fault, drafts }) => ({ fault, drafts: drafts.slice(1) })),
    controls,
  )
  if (signal?.aborted === true) return new Map()
  const found = wanted.flatMap(
    ({ fault }) => clearest([...plain, ...others].filter((each) => each.fault === fault)) ?? [],
  )
  const taken = new Set(program.clauses.map(({ id }) => id))
  const bounded = written(found, taken)
  const without = wanted.flatMap(({ fault }) => (bounded.has(fault.id) ? [] : [fault]))
  const whole = without.flatMap((fault) =>
    writtenDraftsFor(program, fault).map((draft) => {
      const id = freeId(draft.id, taken)
      const reason = `Proposed by plumb mutate. It holds as things are, and not when ${fault.says}.`
      return { fault, proposal: writtenProposal({ ...draft, id }, reason) }
    }),
  )
  const offered = wanted.flatMap(({ fault }) => {
    const one = bounded.get(fault.id)
    return one === undefined ? [] : [{ fault, proposal: one }]
  })
  return proposalsThatKill(planting, [...offered, ...whole], controls)
}

/** Measures drafts on the data as they are, on the controls and on their faults; what tells a fault from the rest. */
async function looked(
  planting: Planting,
  wanted: readonly { readonly fault: Fault; readonly drafts: readonly Draft[] }[],
  controls: readonly Control[],
): Promise<readonly Found[]> {
  const { request } = planting
  const all = [...new Map(wanted.flatMap(({ drafts }) => drafts).map((draft) => [draft.id, draft])).values()]
  const possible = compilingOf(request, all, unbounded)
  const program = request.withClause?.(possible.map(unbounded).join(''))
  if (program === undefined || possible.length === 0) return []
  const wider = withProgram(planting, program)
  const usual = [await measure(wider, wider.asking, possible)]
  for (const control of controls) {
    if (request.signal?.aborted === true) return []
    const made = await controlAsking(wider, control)
    if (!('cause' in made)) usual.push(await measure(wider, made.asking, possible))
  }
  const ids = new Set(possible.map(({ id }) => id))
  const found: Found[] = []
  for (const { fault, drafts } of wanted) {
    if (request.signal?.aborted === true) break
    const asked = drafts.filter(({ id }) => ids.has(id))
    if (asked.length === 0) continue
    const faulty = await withFault(wider, fault)
    if ('cause' in faulty) continue
    found.push(...telling(asked, usual, await measure(wider, faulty.asking, asked), fault))
  }
  return found
}

/** The fault is further from what is usual than the usual is wide. */
const isClear = ({ separation }: Found): boolean => separation.clear >= 1

/** The first that tells the fault clearly; else the one that does so best. In serving what columns come to by chance is no bond: only what is clear. */
function clearest(found: readonly Found[]): Found | undefined {
  const clear = found.find(isClear)
  if (clear !== undefined || found[0]?.fault.group === 'serving') return clear
  return found.toSorted((a, b) => b.separation.clear - a.separation.clear)[0]
}

/** The drafts of which a bound lies between what is usual and the fault. */
function telling(
  drafts: readonly Draft[],
  usual: readonly ReadonlyMap<string, Measure>[],
  faulty: ReadonlyMap<string, Measure>,
  fault: Fault,
): readonly Found[] {
  return drafts.flatMap((draft) => {
    const after = faulty.get(draft.id)
    const before = usual.flatMap((each) => each.get(draft.id) ?? [])
    // Where it could not be measured somewhere, nobody knows whether it would raise an alarm there.
    if (after === undefined || before.length < usual.length) return []
    const separation = separated(draft, before, after)
    return separation === undefined ? [] : [{ fault, draft, separation, reason: reasonOf(draft, before, after, fault) }]
  })
}

function separated({ exactly }: Draft, usual: readonly Measure[], faulty: Measure): Separation | undefined {
  if (exactly === undefined) return boundBetween(usual, faulty)
  const holds = usual.every(({ low, high }) => low === exactly && high === exactly)
  return holds && faulty.low > exactly ? { op: '<=', bound: exactly, clear: Infinity } : undefined
}

function reasonOf(draft: Draft, usual: readonly Measure[], faulty: Measure, fault: Fault): string {
  const range = between(Math.min(...usual.map(({ low }) => low)), Math.max(...usual.map(({ high }) => high)))
  return `Proposed by plumb mutate. ${draft.term} is ${range} on the data as they are and on ${usual.length - 1} controls, and ${between(faulty.low, faulty.high)} when ${fault.says}.`
}

const between = (low: number, high: number): string =>
  shown(low) === shown(high) ? shown(low) : `${shown(low)} to ${shown(high)}`

const shown = (value: number): string => String(Number(value.toPrecision(4)))

/** One clause for each number and side of it, under an id of its own, with the bound that is nearest to what is usual. */
function written(found: readonly Found[], taken: Set<string>): ReadonlyMap<string, Proposal> {
  const proposals = new Map<string, Proposal>()
  for (const group of Map.groupBy(found, ({ draft, separation }) => `${draft.id} ${separation.op}`).values()) {
    const sign = group[0]?.separation.op === '<=' ? 1 : -1
    const [nearest] = group.toSorted((a, b) => sign * (a.separation.bound - b.separation.bound))
    if (nearest === undefined) continue
    const { draft, separation, reason } = nearest
    const id = freeId(draft.id, taken)
    const op = draft.exactly === undefined ? separation.op : '=='
    const proposal = proposalOf({ ...draft, id }, op, separation.bound, reason)
    for (const { fault } of group) proposals.set(fault.id, proposal)
  }
  return proposals
}

function freeId(id: string, taken: Set<string>): string {
  let free = id
  for (let i = 2; taken.has(free); i++) free = `${id}-${i}`
  taken.add(free)
  return free
}

/** A draft with a bound that means nothing yet. */
const unbounded = ({ id, says, of, form, term }: Draft): string =>
  proposalOf({ id, says, of, term, form: form === 'every' ? 'must' : form }, '>=', 0, '-').yaml

/** The number of each draft, or the interval it is decided on. */
async function measure(
  { instances }: Planting,
  asking: Planting['asking'],
  drafts: readonly Draft[],
): Promise<ReadonlyMap<string, Measure>> {
  const ids = new Set(drafts.map(({ id }) => id))
  const asked: readonly Instance[] = instances.filter(({ clause }) => ids.has(clause.id))
  const found = new Map<string, Measure>()
  for (const statement of await ask(asking, asked)) {
    const measured = measureOf(statement)
    if (measured !== undefined) found.set(statement.clause, measured)
  }
  return found
}

function measureOf(statement: Statement): Measure | undefined {
  const [term] = 'terms' in statement ? (statement.terms ?? []) : []
  if (term === undefined) return undefined
  if (term.interval !== undefined) return { low: term.interval.low, high: term.interval.high }
  const value = typeof term.value === 'number' || typeof term.value === 'bigint' ? Number(term.value) : Number.NaN
  return Number.isNaN(value) ? undefined : { low: value, high: value }
}
