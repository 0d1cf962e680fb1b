export { type GuardServer, type ServerOptions, startServer } from './http-server.ts'
export { onnxAnswerer } from './onnx-answerer.ts'
export { answerCall, type Call, type Deployment, type Reply } from './routes.ts'
export { DATATYPES, type InferReading, type InferRequest, outputColumns, readInfer, writeOutputs } from './tensors.ts'
