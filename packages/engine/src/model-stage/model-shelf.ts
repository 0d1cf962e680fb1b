import type { Program } from '@plumbline/core'
import { type BoundModel, openBoundModel } from '../bound-models/bound-model.ts'
import { failure, type Outcome } from '../models/outcome.ts'

/** A model file and the digest of its bytes. */
export interface ModelFile {
  readonly path: string
  readonly digest: string
}

/** Opens models once each, by name and digest. */
export interface ModelShelf {
  open(name: string, digest: string): Promise<Outcome<BoundModel>>
  close(): Promise<void>
}

/** A shelf of a program's models; `files` are all the files that may hold a role, by digest. */
export function modelShelf(program: Program, files: ReadonlyMap<string, ModelFile>): ModelShelf {
  const opened = new Map<string, Promise<Outcome<BoundModel>>>()
  const open = async (name: string, digest: string): Promise<Outcome<BoundModel>> => {
    const model = program.models.find((m) => m.name === name)
    const dataset = program.datasets.find((d) => d.name === model?.from)
    const file = files.get(digest)
    if (model === undefined || dataset === undefined || file === undefined) {
      return failure('engine/model-not-found', `There is no file for the model "${name}".`)
    }
    return openBoundModel(model, dataset, file)
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
