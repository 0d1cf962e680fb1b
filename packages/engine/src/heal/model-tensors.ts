import type { ModelTensor } from '@plumbline/core/heal'
import { openOnnxModel } from '../models/onnx-runner.ts'

/** The tensors that an ONNX file gives; a string says why it cannot be read. */
export async function modelTensors(path: string): Promise<readonly ModelTensor[] | string> {
  const model = await openOnnxModel(path)
  if (!model.ok) return model.error.message
  const { outputs } = model.value.signature
  await model.value.close()
  return outputs.map(({ name, typeName, type, shape }) => {
    const last = shape?.length === 1 ? 1 : shape?.[1]
    return { name, type: type ?? typeName, ...(typeof last === 'number' ? { columns: last } : {}) }
  })
}
