import { extendsKey } from './extends/entries.ts'
import { list, record } from './reader/collections.ts'
import { number, path } from './reader/scalars.ts'
import { clausesSection } from './sections/clause.ts'
import { dataSection, slicesSection } from './sections/data.ts'
import { macrosSection } from './sections/macros.ts'
import { enginesSection } from './sections/engines.ts'
import { guardSection } from './sections/guard.ts'
import { modelsSection } from './sections/model.ts'
import { monitorSection } from './sections/monitor.ts'
import { paramsSection } from './sections/params.ts'
import { pipelineSection } from './sections/pipeline.ts'
import { releaseSection } from './sections/release.ts'
import { requirementsSection } from './sections/requirements.ts'
import { hazardsSection, systemSection } from './sections/system.ts'
import { suppressSection } from './sections/suppress.ts'
import { waiversSection } from './sections/waivers.ts'

/** The whole format: every top-level key with its reader. The table of contents of `sections/`. */
export const specFormat = record(
  'a spec',
  {
    plumbline: number('the version of the language, 1', { integer: true, atLeast: 0 }),
    extends: extendsKey,
    system: systemSection,
    requirements: requirementsSection,
    data: dataSection,
    engines: enginesSection,
    slices: slicesSection,
    models: modelsSection,
    clauses: clausesSection,
    features: list(path),
    macros: macrosSection,
    hazards: hazardsSection,
    waivers: waiversSection,
    suppress: suppressSection,
    guard: guardSection,
    monitor: monitorSection,
    pipeline: pipelineSection,
    release: releaseSection,
    params: paramsSection,
  },
  { required: ['plumbline', 'system'] },
)
