export { type SampleRequest, sampleTable } from './sample-table.ts'
export { modelTensors } from './model-tensors.ts'
