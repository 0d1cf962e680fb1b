import { columnsOf, type Proof, type ProgramDataset, type ProgramModel } from '@plumbline/core'
import type { BoundModel } from '../bound-models/bound-model.ts'
import { outputRequests } from '../models/output-binding.ts'
import type { ProofColumn } from '../proofs/interpret.ts'
import { proveIndependent } from '../proofs/independence.ts'
import { proveMonotone } from '../proofs/monotone.ts'
import type { Provable } from './provable.ts'

/** A proof, or in one sentence why there is none. */
export type ProofAttempt =
  | { readonly kind: 'proved'; readonly proof: Proof }
  | { readonly kind: 'refused'; readonly why: string }

/** Tries to prove a statement from the model's file, for every input of the declared domain. */
export function attemptProof(statement: Provable, model: BoundModel): ProofAttempt {
  const { graph, program, dataset } = model
  if (!graph.ok) return { kind: 'refused', why: graph.error.message }
  const columns = program.input.map((name) => proofColumn(dataset, name))
  if (statement.kind === 'monotone') {
    const output = outputRequests(program).find((o) => o.name === statement.output)
    if (output === undefined) return { kind: 'refused', why: `${statement.output} is not an output of the file` }
    if (!program.input.includes(statement.column)) return absent(statement.column)
    const result = proveMonotone(graph.value, {
      columns,
      column: statement.column,
      output,
      direction: statement.direction,
    })
    return result.status === 'proved'
      ? proved(result.method, result.notes)
      : { kind: 'refused', why: `${result.node}: ${result.reason}` }
  }
  return proveIndependence(statement, model, columns)
}

function proveIndependence(
  statement: Extract<Provable, { kind: 'independent' }>,
  model: BoundModel,
  columns: readonly ProofColumn[],
): ProofAttempt {
  const { program, graph } = model
  const outputs = outputsRead(statement, program)
  if (!graph.ok || outputs === undefined)
    return { kind: 'refused', why: 'the decision itself reads a column that changes' }
  const methods = new Set<string>()
  const notes = new Set<string>()
  for (const column of statement.columns) {
    if (!program.input.includes(column)) continue
    for (const name of outputs) {
      const output = outputRequests(program).find((o) => o.name === name)
      if (output === undefined) return { kind: 'refused', why: `${name} is not an output of the file` }
      const result = proveIndependent(graph.value, { columns, column, output })
      if (result.status !== 'proved') return { kind: 'refused', why: `${result.node}: ${result.reason}` }
      methods.add(result.method)
      for (const note of result.notes) notes.add(note)
    }
  }
  return methods.size === 0 ? absent(statement.columns.join(', ')) : proved([...methods].join('+'), [...notes])
}

/** The outputs a statement rests on: `decision` stands for those it reads; undefined if it reads a changed column itself. */
function outputsRead(
  statement: Extract<Provable, { kind: 'independent' }>,
  program: ProgramModel,
): readonly string[] | undefined {
  const read: string[] = []
  for (const output of statement.outputs) {
    if (output !== 'decision') {
      read.push(output)
      continue
    }
    const names = program.decision === undefined ? new Set<string>() : columnsOf(program.decision.expr)
    for (const name of names) {
      if (program.outputs.some((o) => o.name === name)) read.push(name)
      else if (statement.columns.includes(name)) return undefined
    }
  }
  return read
}

const proved = (method: string, notes: readonly string[]): ProofAttempt => ({
  kind: 'proved',
  proof: { method, notes },
})

const absent = (column: string): ProofAttempt => proved('not-an-input', [`${column} is not an input of the model`])

function proofColumn(dataset: ProgramDataset, name: string): ProofColumn {
  const column = dataset.columns.find((c) => c.name === name)
  const codes = column?.values?.map((v) => v.code).filter((code) => typeof code === 'number')
  const [low, high] =
    codes !== undefined && codes.length > 0
      ? [Math.min(...codes), Math.max(...codes)]
      : column?.columnType === 'boolean'
        ? [0, 1]
        : [numeric(column?.low), numeric(column?.high)]
  return { name, low, high, optional: column?.optional ?? false }
}

const numeric = (bound: number | string | undefined): number | undefined =>
  bound === undefined ? undefined : Number(bound)
