import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, type Statement } from '@plumbline/core'
import { runDataStage } from '../../data-stage.ts'
import { runModelStage } from '../../model-stage/run-model-stage.ts'
import { buildOnnx, tensor } from '../../proofs/testing/build-onnx.ts'
import { compiledSpec } from '../../../../core/src/testing/compiled-spec.ts'

/** A folder with data and models. */
export interface Place {
  readonly root: string
  /** The statements about a clause of a spec, `it` unless told. `model` = the file of the candidate, without `.onnx`; `production` = that of the champion. */
  ask(
    text: string,
    versions?: { readonly model?: string; readonly production?: string; readonly clause?: string },
  ): Promise<readonly Statement[]>
  /** The same of a clause about data, `it` or another. */
  askData(text: string, clause?: string): Promise<Statement | undefined>
  remove(): Promise<void>
}

/** Makes the folder; `files` by name, texts or bytes. */
export async function placeWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'plumb-metrics-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content)
  return {
    root,
    remove: () => rm(root, { recursive: true }),
    async askData(text, clause = 'it') {
      for await (const statement of runDataStage({ program: compiled(text), root, toolVersion: '0' }))
        if (statement.clause === clause) return statement
      return undefined
    },
    async ask(text, { model = 'model', production, clause = 'it' } = {}) {
      const found: Statement[] = []
      const names = production === undefined ? [model] : [model, production]
      for await (const statement of runModelStage({
        program: compiled(text),
        root,
        toolVersion: '0',
        versions: { candidate: model, ...(production === undefined ? {} : { production }), others: {} },
        files: new Map(names.map((name) => [name, { path: join(root, `${name}.onnx`), digest: name }])),
        session: { threads: 1 },
      }))
        if (statement.clause === clause) found.push(statement)
      return found
    },
  }
}

function compiled(text: string): Program {
  return compiledSpec(text)
}

/** A model that answers one of its inputs times a number, as float32. */
export function scaledInput(input: string, output: string, weight = 1): Uint8Array {
  return buildOnnx({
    inputs: [{ name: input, type: 'float', shape: [null, 1] }],
    outputs: [{ name: output, type: 'float', shape: [null, 1] }],
    nodes: [{ op: 'MatMul', inputs: [input, 'w'], outputs: [output] }],
    initializers: [tensor('w', 'float', [1, 1], [weight])],
  })
}

/** The one statement about the clause `it`, with what its verdict brings along. */
export async function askOf(place: Place, text: string): Promise<Statement & Readonly<Record<string, unknown>>> {
  const [statement] = await place.ask(text)
  if (statement === undefined) throw new Error('The clause was not asked.')
  return statement as Statement & Readonly<Record<string, unknown>>
}
