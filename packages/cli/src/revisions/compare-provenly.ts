import type { Program } from '@plumbline/core'
import { compareSpecsWithSolver, type SpecChange } from '@plumbline/core/change'
import type { CommandContext } from '../context.ts'

/** For each implication; what takes longer is left open and said to be. */
const MILLISECONDS = 1_000

/** Compares two specs, asking z3 where bounds alone leave open what a change means; without z3 that stays open. */
export async function compareProvenly(context: CommandContext, before: Program, after: Program): Promise<SpecChange> {
  const { createSolver } = await import('@plumbline/solver')
  // Its process starts with the first question, and most comparisons ask none.
  const solver = createSolver()
  try {
    return await compareSpecsWithSolver(before, after, {
      solver,
      limits: { milliseconds: MILLISECONDS, signal: context.signal },
    })
  } finally {
    await solver.close()
  }
}
