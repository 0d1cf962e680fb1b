import { tests } from '@bufbuild/cel-spec/testdata/conformance.js'
import type { Type } from '../../packages/core/src/expr/type.ts'
import { parseDuration, parseTimestamp } from '../../packages/core/src/expr/time.ts'
import { mapKey } from '../../packages/core/src/expr/evaluate/equality.ts'
import { NULL_VALUE, type Value } from '../../packages/core/src/expr/value.ts'

type Json = Readonly<Record<string, unknown>>

/** One official case. */
export interface Vector {
  /** Suite, section and name. */
  readonly id: string
  readonly expression: string
  readonly container: string
  readonly variables: ReadonlyMap<string, Type>
  readonly bindings: ReadonlyMap<string, Value>
  /** What it gives: a value, any error, or (where only types are asked) nothing. */
  readonly expected: { readonly value: Value } | { readonly error: true } | { readonly nothing: true }
  /** The type it must have, as CEL writes it. */
  readonly type: string | undefined
  readonly checkOnly: boolean
  readonly disableCheck: boolean
  /** What keeps the case from us: protobuf messages. */
  readonly messages: boolean
}

interface Suite {
  readonly name: string
  readonly suites?: readonly Suite[]
  readonly tests?: readonly { readonly original: Json; readonly type?: string }[]
}

/** All official cases, in their order. */
export function vectors(): readonly Vector[] {
  const ofSuite = (suite: Suite, path: string): readonly Vector[] => [
    ...(suite.tests ?? []).map(({ original, type }) => vectorOf(original, type, path)),
    ...(suite.suites ?? []).flatMap((inner) => ofSuite(inner, path === '' ? inner.name : `${path}/${inner.name}`)),
  ]
  return ofSuite(tests as unknown as Suite, '')
}

/** Messages, enums and wrappers by name, and what only a message can be. */
const MESSAGES =
  /TestAllTypes|TestRequired|GlobalEnum|cel\.expr\.conformance\.proto|google\.protobuf\.(?!Timestamp|Duration)|proto\.(?:has|get)Ext|googleapis|google\.(?:rpc|type)|google\.api|\b[A-Z]\w*\{/

function vectorOf(original: Json, type: string | undefined, path: string): Vector {
  const text = JSON.stringify({ ...original, name: '', description: '' })
  const messages = MESSAGES.test(text)
  const typed = original['typedResult'] as Json | undefined
  const value = (original['value'] ?? typed?.['result']) as Json | undefined
  const read = messages ? undefined : value
  return {
    id: `${path}/${String(original['name'] ?? original['expr'])}`,
    expression: String(original['expr']),
    container: String(original['container'] ?? ''),
    variables: new Map(
      messages
        ? []
        : ((original['typeEnv'] ?? []) as readonly Json[]).flatMap((declaration) =>
            'ident' in declaration
              ? [[String(declaration['name']), typeOf((declaration['ident'] as Json)['type'] as Json)] as const]
              : [],
          ),
    ),
    bindings: new Map(
      messages
        ? []
        : Object.entries((original['bindings'] ?? {}) as Record<string, Json>).map(([name, bound]) => [
            name,
            valueOf(bound['value'] as Json),
          ]),
    ),
    expected:
      read !== undefined
        ? { value: valueOf(read) }
        : 'evalError' in original || 'anyEvalErrors' in original
          ? { error: true }
          : original['checkOnly'] === true || messages
            ? { nothing: true }
            : { value: true },
    type: typed === undefined || messages ? undefined : type,
    checkOnly: original['checkOnly'] === true,
    disableCheck: original['disableCheck'] === true,
    messages,
  }
}

function valueOf(json: Json): Value {
  const [[kind, value] = ['nullValue', null]] = Object.entries(json)
  const inner = value as never
  switch (kind) {
    case 'int64Value':
      return BigInt(inner)
    case 'uint64Value':
      return { uint: BigInt(inner) }
    case 'doubleValue':
      return Number(inner)
    case 'stringValue':
    case 'boolValue':
      return inner
    case 'bytesValue':
      return { bytes: Uint8Array.from(Buffer.from(inner, 'base64')) }
    case 'listValue':
      return { list: (((inner as Json)['values'] ?? []) as readonly Json[]).map(valueOf) }
    case 'mapValue': {
      const entries = (
        ((inner as Json)['entries'] ?? []) as readonly { readonly key: Json; readonly value: Json }[]
      ).map((entry) => ({ key: valueOf(entry.key), value: valueOf(entry.value) }))
      return { map: new Map(entries.map((entry) => [mapKey(entry.key) ?? '', entry])) }
    }
    case 'typeValue':
      return { type: inner }
    case 'nullValue':
      return NULL_VALUE
    case 'objectValue': {
      const object = inner as { readonly '@type': string; readonly value: string }
      const reading = object['@type'].endsWith('Duration') ? parseDuration(object.value) : parseTimestamp(object.value)
      // Finer than a microsecond: no value of ours is it, and the case is an exception.
      if ('problem' in reading) return `cannot be held: ${reading.problem}`
      return object['@type'].endsWith('Duration') ? { duration: reading.value } : { timestamp: reading.value }
    }
    default:
      throw new Error(`a value of kind ${kind}`)
  }
}

const PRIMITIVES: Readonly<Record<string, Type>> = {
  BOOL: { kind: 'bool' },
  INT64: { kind: 'int' },
  UINT64: { kind: 'uint' },
  DOUBLE: { kind: 'double' },
  STRING: { kind: 'string' },
  BYTES: { kind: 'bytes' },
}

function typeOf(json: Json): Type {
  const [[kind, value] = ['dyn', {}]] = Object.entries(json)
  const inner = value as Json
  switch (kind) {
    case 'primitive':
      return PRIMITIVES[String(value)] ?? { kind: 'dyn' }
    case 'listType':
      return { kind: 'list', element: typeOf(inner['elemType'] as Json) }
    case 'mapType':
      return { kind: 'map', key: typeOf(inner['keyType'] as Json), value: typeOf(inner['valueType'] as Json) }
    case 'wellKnown':
      return { kind: value === 'TIMESTAMP' ? 'timestamp' : 'duration' }
    case 'abstractType':
      return { kind: 'optional', of: typeOf(((inner['parameterTypes'] as readonly Json[])[0] ?? { dyn: {} }) as Json) }
    case 'null':
      return { kind: 'null' }
    default:
      return { kind: 'dyn' }
  }
}
