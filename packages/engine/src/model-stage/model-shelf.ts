import { givenTo, type Program, type ProgramDataset, type ProgramModel } from '@plumbline/core'
import { type BoundModel, openBoundModel } from '../bound-models/bound-model.ts'
import type { ImageFiles } from '../images/image-files.ts'
import type { RunnerPorts } from '../models/open-runner.ts'
import { failure, type Outcome, success } from '../models/outcome.ts'

/** A version of a model: a file and the digest of its bytes, or what else identifies it. */
export interface ModelFile {
  /** Of the file; where the spec names a command, that of the model it is given, if any. */
  readonly path: string
  readonly digest: string
  /** What was digested where it is not the bytes of a file: JSON (`models/identity.ts`). */
  readonly identity?: string
}

/** Opens models once each, by name and digest. */
export interface ModelShelf {
  open(name: string, digest: string): Promise<Outcome<BoundModel>>
  close(): Promise<void>
}

/** A shelf of a program's models; `files` are all the files that may hold a role, by digest. */
export function modelShelf(
  program: Program,
  files: ReadonlyMap<string, ModelFile>,
  runners?: RunnerPorts,
  images?: ImageFiles,
): ModelShelf {
  const opened = new Map<string, Promise<Outcome<BoundModel>>>()
  const open = async (name: string, digest: string): Promise<Outcome<BoundModel>> => {
    const model = program.models.find((m) => m.name === name)
    const dataset = program.datasets.find((d) => d.name === model?.from)
    const file = files.get(digest)
    if (model === undefined || dataset === undefined || file === undefined) {
      return failure('engine/model-not-found', `There is no file for the model "${name}".`)
    }
    const asked = withJudgedColumns(program, model, dataset)
    const opened = await openBoundModel(asked.model, asked.dataset, file, runners, undefined, images)
    return opened.ok ? success({ ...opened.value, program: model, dataset }) : opened
  }
  return {
    open(name, digest) {
      const key = `${name} ${digest}`
      const known = opened.get(key)
      if (known !== undefined) return known
      const opening = open(name, digest)
      opened.set(key, opening)
      return opening
    },
    async close() {
      for (const each of opened.values()) {
        const model = await each
        if (model.ok) await model.value.runtime.close()
      }
    },
  }
}

/** What whoever runs a judge is told of its inputs: the answers that it judges are columns, too. */
function withJudgedColumns(
  program: Program,
  model: ProgramModel,
  dataset: ProgramDataset,
): { readonly model: ProgramModel; readonly dataset: ProgramDataset } {
  const { judges } = model
  if (judges === undefined) return { model, dataset }
  const outputs = program.models.find(({ name }) => name === judges.model)?.outputs ?? []
  const read = outputs.filter(({ name }) => judges.outputs.includes(name))
  const columns = read.map((output) => ({ ...output, name: `${judges.model}.${output.name}` }))
  return {
    model: { ...model, input: givenTo(model) },
    dataset: { ...dataset, columns: [...dataset.columns, ...columns] },
  }
}
