import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../language/spec.ts'
import type { Names } from '../names/names.ts'

/** One static rule over a parsed spec and its names. Pure: it only reports. */
export interface Rule {
  /** The slug: it names the rule file and its corpus folder. */
  readonly name: string
  readonly run: (spec: Spec, names: Names, report: (d: Diagnostic) => void) => void
}
