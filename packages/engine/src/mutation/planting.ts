import { type Control, type Fault, type Instance, instancesOf, type Program } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { DataCatalog } from '../relations/data-catalog.ts'
import type { Asking } from './ask.ts'
import { type BaseData, type RowTable, tableCatalog } from './base-data.ts'
import { controlRows } from './control-data.ts'
import { plantInData } from './data-fault.ts'
import { inputFigures } from './input-figures.ts'
import { faultyShelf } from './model-fault.ts'
import type { MutationRequest } from './mutation-request.ts'
import { plantInServing } from './serving-fault.ts'

/** What stays the same for all faults of a run. */
export interface Planting {
  readonly request: MutationRequest
  readonly session: Session
  readonly base: BaseData
  readonly asking: Asking
  readonly instances: readonly Instance[]
}

/** What is asked once a fault is planted, and how much it changed. */
export interface Faulty {
  readonly asking: Asking
  readonly changed: () => number
}

/** Plants a fault. The table of the fault before is gone then. */
export async function withFault(planting: Planting, fault: Fault): Promise<Faulty | { readonly cause: string }> {
  const { request, session, base, asking } = planting
  const seed = `${request.budget.seed} ${fault.id}`
  if (fault.group === 'model') {
    const figures = await inputFigures(session, base, request.program, fault)
    const { candidate = '', others } = request.versions
    const shelf = faultyShelf(request.program, asking.shelf, fault, candidate, others, figures)
    return { asking: { ...asking, shelf }, changed: shelf.changed }
  }
  const rows = base.tables.get(fault.dataset)
  if (rows === undefined) return { cause: `The dataset ${fault.dataset} could not be read.` }
  const mutated =
    fault.group === 'data'
      ? await plantInData(session, rows, fault, seed)
      : await plantInServing(session, rows, fault, seed)
  if (!mutated.ok) return { cause: mutated.failure.cause }
  const data = catalogWith(planting, new Map([[fault.dataset, mutated.value.rows]]), fault.id)
  return { asking: { ...asking, data }, changed: () => mutated.value.changed }
}

function catalogWith({ request, base }: Planting, changed: ReadonlyMap<string, RowTable>, name: string): DataCatalog {
  return tableCatalog(request.program, base.catalog, changed, name)
}

/** What is asked in a control. */
export async function controlAsking(
  planting: Planting,
  control: Control,
): Promise<{ readonly asking: Asking } | { readonly cause: string }> {
  const { request, session, base, asking } = planting
  const tables = new Map<string, RowTable>()
  for (const [name, rows] of base.tables) {
    const drawn = await controlRows(session, rows, control, `${request.budget.seed} ${control.id} ${name}`)
    if (!drawn.ok) return { cause: drawn.failure.cause }
    tables.set(name, drawn.value)
  }
  return { asking: { ...asking, data: catalogWith(planting, tables, control.id) } }
}

/** The same rows and models under a program with more clauses. */
export function withProgram(planting: Planting, program: Program): Planting {
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
