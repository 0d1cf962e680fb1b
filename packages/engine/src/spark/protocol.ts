import {
  create,
  createFileRegistry,
  type DescMessage,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
} from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'

/*
 * The part of the protocol of Spark Connect that is spoken here (spark/connect/base.proto and relations.proto of Apache Spark 3.5 and
 * later): numbers and types of the fields that are written or read. What else an answer holds is skipped.
 */

const { STRING, INT64, BYTES, BOOL, INT32 } = FieldDescriptorProto_Type

/** A field: its number, and its type, or the message it is; `[…]` of either repeats. */
type Field = readonly [number: number, type: FieldType | readonly [FieldType]]
type FieldType = FieldDescriptorProto_Type | string

const MESSAGES: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  UserContext: { user_id: [1, STRING], user_name: [2, STRING] },
  SQL: { query: [1, STRING] },
  Relation: { sql: [10, 'SQL'] },
  Plan: { root: [1, 'Relation'] },
  ExecutePlanRequest: {
    session_id: [1, STRING],
    user_context: [2, 'UserContext'],
    plan: [3, 'Plan'],
    client_type: [4, STRING],
    operation_id: [6, STRING],
  },
  ArrowBatch: { row_count: [1, INT64], data: [2, BYTES] },
  StageInfo: { num_tasks: [2, INT64], num_completed_tasks: [3, INT64] },
  ExecutionProgress: { stages: [1, ['StageInfo']] },
  ExecutePlanResponse: { arrow_batch: [2, 'ArrowBatch'], execution_progress: [18, 'ExecutionProgress'] },
  KeyValue: { key: [1, STRING], value: [2, STRING] },
  Set: { pairs: [1, ['KeyValue']] },
  Operation: { set: [1, 'Set'] },
  ConfigRequest: {
    session_id: [1, STRING],
    user_context: [2, 'UserContext'],
    operation: [3, 'Operation'],
    client_type: [4, STRING],
  },
  ConfigResponse: { session_id: [1, STRING] },
  // The kind of interruption is an enumeration; its number 3 is by operation.
  InterruptRequest: {
    session_id: [1, STRING],
    user_context: [2, 'UserContext'],
    client_type: [3, STRING],
    interrupt_type: [4, INT32],
    operation_id: [6, STRING],
  },
  InterruptResponse: { interrupted_ids: [2, [STRING]] },
  ReleaseSessionRequest: {
    session_id: [1, STRING],
    user_context: [2, 'UserContext'],
    client_type: [3, STRING],
    allow_reconnect: [4, BOOL],
  },
  ReleaseSessionResponse: { session_id: [1, STRING] },
}

const PACKAGE = 'spark.connect'

/** An interruption of one statement. */
export const BY_OPERATION = 3

/** The methods that are called. */
export interface SparkProtocol {
  readonly execute: DescMethodServerStreaming<DescMessage, DescMessage>
  readonly config: DescMethodUnary<DescMessage, DescMessage>
  readonly interrupt: DescMethodUnary<DescMessage, DescMessage>
  readonly release: DescMethodUnary<DescMessage, DescMessage>
}

function fieldOf(name: string, [number, type]: Field) {
  const [repeated, of] = Array.isArray(type) ? [true, type[0] as FieldType] : [false, type as FieldType]
  return {
    name,
    jsonName: name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    number,
    label: repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    ...(typeof of === 'string'
      ? { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${PACKAGE}.${of}` }
      : { type: of }),
  }
}

/** Describes the protocol; made when the first connection is. */
export function sparkProtocol(): SparkProtocol {
  const method = (name: string, input: string, output: string, serverStreaming = false) => ({
    name,
    inputType: `.${PACKAGE}.${input}`,
    outputType: `.${PACKAGE}.${output}`,
    serverStreaming,
  })
  const file = create(FileDescriptorProtoSchema, {
    name: 'spark/connect/base.proto',
    package: PACKAGE,
    syntax: 'proto3',
    messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
      name,
      field: Object.entries(fields).map(([field, written]) => fieldOf(field, written)),
    })),
    service: [
      {
        name: 'SparkConnectService',
        method: [
          method('ExecutePlan', 'ExecutePlanRequest', 'ExecutePlanResponse', true),
          method('Config', 'ConfigRequest', 'ConfigResponse'),
          method('Interrupt', 'InterruptRequest', 'InterruptResponse'),
          method('ReleaseSession', 'ReleaseSessionRequest', 'ReleaseSessionResponse'),
        ],
      },
    ],
  })
  const service = createFileRegistry(file, () => undefined).getService(`${PACKAGE}.SparkConnectService`)
  const [execute, config, interrupt, release] = service?.methods ?? []
  return { execute: streaming(execute), config: unary(config), interrupt: unary(interrupt), release: unary(release) }
}

function streaming(method: DescMethod | undefined): SparkProtocol['execute'] {
  if (method?.methodKind !== 'server_streaming') throw new Error('The description of the protocol lacks a method.')
  return method as SparkProtocol['execute']
}

function unary(method: DescMethod | undefined): SparkProtocol['config'] {
  if (method?.methodKind !== 'unary') throw new Error('The description of the protocol lacks a method.')
  return method as SparkProtocol['config']
}
