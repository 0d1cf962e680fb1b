export { type SampleRequest, sampleTable } from './sample-table.ts'
