import type { CaseRow, TestCase } from './case.ts'

/** A covering array among the cases: how large it is, and how small it could be at best. */
export interface CaseArray {
  /** The clauses whose cases are its rows. */
  readonly clauses: readonly string[]
  readonly factors: number
  readonly strength: number
  readonly rows: number
  readonly lowerBound: number
  readonly method: string
  /** Combinations that the conditions leave, exclude, and for which neither was shown within the limit. */
  readonly feasible: number
  readonly infeasible: number
  readonly undecided: number
}

/** A clause without cases, or without all of them, and why. */
export interface CaseOmission {
  readonly clause: string
  readonly why: string
}

/** How cases are written out, beside the committed file. */
export type EmitFormat = 'pytest' | 'vitest' | 'gherkin' | 'jsonl'

/** All that is generated from a spec. */
export interface CaseSet {
  readonly schema: 'plumbline/cases/1'
  readonly spec: { readonly name: string; readonly version: string }
  readonly strength: number
  readonly seed: string
  /** Written beside the file: what a check compares, too. */
  readonly emit: readonly EmitFormat[]
  /** The clauses that have cases, by id: their digests, and what they ask as the spec says it. */
  readonly clauses: Readonly<Record<string, { readonly digest: string; readonly asks: string }>>
  /** Of each dataset a row that satisfies all its clauses; cases of rows say only what their clause reads. */
  readonly bases: Readonly<Record<string, CaseRow>>
  readonly arrays: readonly CaseArray[]
  readonly omitted: readonly CaseOmission[]
  /** By clause in the order of the spec, then as they were made. */
  readonly cases: readonly TestCase[]
}
