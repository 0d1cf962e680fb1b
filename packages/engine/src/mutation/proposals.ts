import {
  boundBetween,
  type Control,
  type Draft,
  draftFor,
  type Fault,
  type Instance,
  instancesOf,
  type Measure,
  type Program,
  type Proposal,
  proposalOf,
  type Statement,
} from '@plumbline/core'
import { ask } from './ask.ts'
import { tableCatalog } from './base-data.ts'
import { controlAsking, type Planting, withFault } from './planting.ts'

/** Drafts that are measured, at most: what is looked at is a list, not a flood. */
const MOST = 24
/** Controls that a proposal must be silent on. */
const CONTROLS = 4

/**
 * Clauses that would have noticed what nothing noticed. Each is measured by the engine on the data as they are, on controls and on
 * the fault; it is proposed only where a bound lies between them, so that accepting it catches the fault and raises no
 * alarm on what was measured. By the id of the fault.
 */
export async function proposalsFor(
  planting: Planting,
  survivors: readonly Fault[],
  controls: readonly Control[],
): Promise<ReadonlyMap<string, Proposal>> {
  const { request } = planting
  const drafts = new Map<Fault, Draft>()
  const ids = new Set(request.program.clauses.map(({ id }) => id))
  for (const fault of survivors) {
    const draft = drafts.size < MOST ? draftFor(request.program, fault) : undefined
    if (draft !== undefined && !ids.has(draft.id) && request.withClause?.(unbounded(draft)) !== undefined)
      drafts.set(fault, draft)
  }
  const unique = new Map([...drafts.values()].map((draft) => [draft.id, draft]))
  const program = request.withClause?.([...unique.values()].map(unbounded).join(''))
  if (program === undefined || unique.size === 0) return new Map()
  const wider = withProgram(planting, program)
  const usual = [await measure(wider, wider.asking, [...unique.values()])]
  for (const control of controls.slice(0, CONTROLS)) {
    const made = await controlAsking(wider, control)
    if (!('cause' in made)) usual.push(await measure(wider, made.asking, [...unique.values()]))
  }
  const proposals = new Map<string, Proposal>()
  for (const [fault, draft] of drafts) {
    if (request.signal?.aborted === true) break
    const faulty = await withFault(wider, fault)
    if ('cause' in faulty) continue
    const found = (await measure(wider, faulty.asking, [draft])).get(draft.id)
    const before = usual.flatMap((each) => each.get(draft.id) ?? [])
    // Where it could not be measured somewhere, nobody knows whether it would raise an alarm there.
    if (found === undefined || before.length < usual.length) continue
    const proposal = bounded(draft, before, found, fault)
    if (proposal !== undefined) proposals.set(fault.id, proposal)
  }
  return proposals
}

function bounded(draft: Draft, usual: readonly Measure[], faulty: Measure, fault: Fault): Proposal | undefined {
  const range = `${shown(Math.min(...usual.map(({ low }) => low)))} to ${shown(Math.max(...usual.map(({ high }) => high)))}`
  const reason = `Proposed by plumb mutate. ${draft.term} is ${range} on the data as they are and on ${usual.length - 1} controls, and ${shown(faulty.low)} to ${shown(faulty.high)} when ${fault.says}.`
  if (draft.exactly !== undefined) {
    const exact = draft.exactly
    const holds = usual.every(({ low, high }) => low === exact && high === exact)
    return holds && (faulty.low > exact || faulty.high < exact) ? proposalOf(draft, '==', exact, reason) : undefined
  }
  const found = boundBetween(usual, faulty)
  return found === undefined ? undefined : proposalOf(draft, found.op, found.bound, reason)
}

const shown = (value: number): string => String(Number(value.toPrecision(4)))

/** A draft with a bound that means nothing yet. */
const unbounded = (draft: Draft): string => proposalOf(draft, '>=', 0, '-').yaml

/** The same rows and models under a program with more clauses. */
function withProgram(planting: Planting, program: Program): Planting {
  const { request, base, asking } = planting
  const catalog = tableCatalog(program, base.catalog, base.tables, 'base')
  return {
    ...planting,
    request: { ...request, program },
    base: { ...base, catalog },
    instances: instancesOf(program, ['data', 'model', 'runtime']),
    asking: {
      ...asking,
      program,
      data: catalog,
      ...(asking.served === undefined ? {} : { served: { ...asking.served, references: catalog } }),
    },
  }
}

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
