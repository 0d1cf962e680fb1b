import type { ClauseSeverity, MissingPolicy } from '../../clause/clause.ts'
import { FOREIGN_TOOLS } from '../../evidence/foreign-tool.ts'
import { choice } from '../reader/scalars.ts'

/** The severities as they are written in a spec. */
const SEVERITIES: readonly ClauseSeverity[] = ['block', 'warn', 'info']
/** The missing policies as they are written in a spec. */
const MISSING_POLICIES: readonly MissingPolicy[] = ['fail', 'pass', 'exclude']

/** What a failed clause does. */
export const severity = choice('a severity', SEVERITIES)
/** What a missing cell does to a clause. */
export const missing = choice('a missing policy', MISSING_POLICIES)
/** A tool whose results may stand for evidence. */
export const foreignTool = choice('a tool whose results are read', FOREIGN_TOOLS)
/** Types of a model's outputs. */
export const outputType = choice('a column type', [
  'integer',
  'number',
  'boolean',
  'category',
  'text',
  'timestamp',
] as const)
