import { digestOf, guardPlan, type Program, stats } from '@plumbline/core'
import { openBoundModel } from '../bound-models/bound-model.ts'
import type { ModelFile } from '../model-stage/model-shelf.ts'
import { inputColumns } from './columns.ts'
import { versionOf } from './contract.ts'
import { isObject, parsed } from './exchange.ts'
import { expectedOf } from './expected.ts'
import { offlineOf } from './offline.ts'
import { parityOf } from './parity.ts'
import { referenceOf } from './reference.ts'
import type { Staged } from './staged.ts'
import { drawValidRows } from './valid-rows.ts'
import { wireRequest, wireText } from './wire.ts'

/** What probing a served version came to. */
export interface VersionProbe {
  /** Rows whose answers were compared with those of the file. */
  readonly compared: number
  /** What speaks against the version being the one of the file; absent where nothing does. */
  readonly mismatch?: string
}

/** Rows of one probe. */
const PROBE_ROWS = 32

/**
 * Asks a served model about rows of the declared domain and holds its answers against those of a file: a server that says
 * it loaded a version need not answer by it. What the guard refuses, or has the fallback answer, is not compared.
 */
export async function probeVersion(program: Program, file: ModelFile, staged: Staged): Promise<VersionProbe> {
  const planned = guardPlan(program)
  const model = program.models.find(({ name }) => name === planned?.plan.model)
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  if (planned === undefined || model === undefined || dataset === undefined) return { compared: 0 }
  const opened = await openBoundModel(model, dataset, file)
  if (!opened.ok) return { compared: 0, mismatch: `its file cannot be opened: ${opened.error.message}` }
  try {
    const { plan } = planned
    const reference = referenceOf(planned)
    // Nobody answers for the fallback here: a row that it would answer is then not expected to be answered.
    const offline = { model: offlineOf(plan, opened.value, undefined).model }
    const columns = inputColumns(program, plan, [])
    const random = stats.createRandom(digestOf({ model: file.digest }), 'release:probe')
    let compared = 0
    for (const [i, row] of drawValidRows({ columns, reference, real: [] }, PROBE_ROWS, random).entries()) {
      const id = `probe-${i + 1}`
      const expected = await expectedOf(reference, offline, [row])
      const outcome = await staged.call({
        method: 'POST',
        path: `/v2/models/${encodeURIComponent(staged.model)}/infer`,
        headers: { 'content-type': 'application/json' },
        body: wireText(wireRequest(plan, id, [row])),
      })
      if (!outcome.ok || outcome.reply.status !== 200 || outcome.reply.headers['plumbline-served-by'] === 'fallback')
        continue
      const body = parsed(outcome.reply.body)
      const version = isObject(body) ? body['model_version'] : undefined
      if (version !== versionOf(file.digest))
        return { compared, mismatch: `it answers as version ${String(version)}, not ${versionOf(file.digest)}` }
      const request = { id, kind: 'valid', what: 'a probe', call: {}, rows: [row] } as const
      const { rows, problems } = parityOf({ request, expected, outcome, repeated: 0, body })
      compared += rows
      const [problem] = problems
      if (problem !== undefined)
        return { compared, mismatch: `it does not answer as its file does: ${problem.because}` }
    }
    return { compared }
  } finally {
    await opened.value.runtime.close()
  }
}
