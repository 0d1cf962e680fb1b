import { decideGate, type Evidence, type GateDecision, type Program } from '@plumbline/core'
import { datasetDigest } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { type Outcome, success } from '../failure.ts'
import { type ProjectState, readEvidence } from './state.ts'
import { findModels, type ModelFiles, versionsOf } from './versions.ts'

/** A decision of the gate and what it was about. */
export interface Decided {
  readonly decision: GateDecision
  readonly files: ModelFiles
  readonly evidence: readonly Evidence[]
}

/** Asks the gate about the project as it stands now: data and models are hashed, evidence is read. */
export async function decide(
  context: CommandContext,
  program: Program,
  state: ProjectState,
  candidate: string | undefined,
): Promise<Outcome<Decided>> {
  const files = await findModels(context, program, state, candidate)
  if (!files.ok) return files
  const evidence = await readEvidence(state.ledger)
  if (!evidence.ok) return evidence
  const data: Record<string, string> = {}
  for (const dataset of program.datasets) {
    const digest = await datasetDigest(context.root, dataset)
    if (digest !== undefined) data[dataset.name] = digest
  }
  const decision = decideGate(program, evidence.value, {
    versions: versionsOf(files.value),
    data,
    stages: ['data', 'model'],
  })
  return success({ decision, files: files.value, evidence: evidence.value })
}
