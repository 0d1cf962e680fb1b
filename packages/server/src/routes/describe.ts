import { DATATYPES, outputColumns } from '../protocol/output-columns.ts'
import { jsonReply, type Reply } from './call.ts'
import type { Service } from './service.ts'

/** The server (`GET /v2`), with the name of this run of it. */
export function describeServer({ software, instance, token }: Service): Reply {
  const extensions = ['binary_tensor_data', ...(token === undefined ? [] : ['model_repository'])]
  return jsonReply(200, { name: 'plumbline', version: software, extensions, instance })
}

/** What the model takes and gives, as the spec declares it. */
export function describeModel({ name, slot, guard: { plan } }: Service): Reply {
  const tensors = (columns: ReturnType<typeof outputColumns>) =>
    columns.map((column) => ({ name: column.name, datatype: DATATYPES[column.kind], shape: [-1] }))
  return jsonReply(200, {
    name,
    versions: slot.current === undefined ? [] : [slot.current.version],
    platform: 'plumbline_guard',
    inputs: tensors(plan.inputs),
    outputs: tensors(outputColumns(plan)),
  })
}

/** Whether the server takes requests. */
export function serverReadiness({ ready }: Service): Reply {
  return readiness(ready())
}

/** Whether the model, or its fallback, answers. */
export async function modelReadiness({ ready, slot, guard: { plan } }: Service): Promise<Reply> {
  if (!ready()) return readiness(false)
  const { current } = slot
  return readiness(plan.policy.fallback !== undefined || (current !== undefined && (await current.ready?.()) !== false))
}

const readiness = (ready: boolean): Reply => jsonReply(ready ? 200 : 503, { ready })
