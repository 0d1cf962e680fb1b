import type { ProgramEngine } from '../../clause/program.ts'
import { unknownName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import { DIALECTS } from '../../language/sections/engines.ts'
import type { Dataset, Spec } from '../../language/spec.ts'

/**
 * The database that a dataset's rows are in; undefined for files, and where its name says none (that is reported). The name
 * of a dialect stands for the database that the client's own environment names.
 */
export function engineOf(spec: Spec, { source }: Dataset, report: (d: Diagnostic) => void): ProgramEngine | undefined {
  if (!('engine' in source.value)) return undefined
  const { value: name, span } = source.value.engine
  const declared = spec.engines.get(name)
  if (declared !== undefined)
    return {
      name,
      dialect: declared.dialect.value,
      ...(declared.address === undefined ? {} : { address: declared.address.value }),
      ...(declared.statementTimeout === undefined
        ? {}
        : { statementTimeoutMs: Math.max(1, Number(declared.statementTimeout.value / 1000n)) }),
    }
  const dialect = DIALECTS.find((each) => each === name)
  if (dialect !== undefined) return { name, dialect }
  const known = [...spec.engines.keys(), ...DIALECTS]
  report(diagnose(unknownName, span, { what: 'engine', name, near: nearestName(name, known), known }))
  return undefined
}
