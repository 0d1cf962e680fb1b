import type { Diagnostic, Result } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../language/spec.ts'
import type { Names } from './names.ts'
import { resolveDatasets } from './datasets.ts'
import { resolveModels } from './models.ts'
import { resolveRelations } from './relations.ts'

/** Resolves what every name of a spec stands for. Always gives a value: what could not be resolved is left out, and said. */
export function resolveNames(spec: Spec): Result<Names> & { readonly value: Names } {
  const diagnostics: Diagnostic[] = []
  const report = (d: Diagnostic): void => void diagnostics.push(d)
  const datasets = resolveDatasets(spec, report)
  const models = resolveModels(spec, datasets, report)
  const relations = resolveRelations(datasets, models)
  const value: Names = {
    datasets,
    models,
    relations,
    relationInfos: new Map([...relations].map(([name, { info }]) => [name, info])),
    modelInfos: new Map([...models].map(([name, { info }]) => [name, info])),
  }
  return { value, diagnostics }
}
