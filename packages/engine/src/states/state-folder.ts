import { join } from 'node:path'
import { type Digest, digestBytes, digestOf, type Host } from '@plumbline/core'
import { hashesOf, type PartitionState, readState, writtenState } from './partition-state.ts'

/** Where states are kept between runs. */
export interface KeptStates {
  readonly host: Host
  /** Absolute; made when something is kept. All in it may be removed at any time. */
  readonly path: string
  /** Nothing that was kept is believed: every file is read and measured anew, and kept anew. */
  readonly anew?: true
  /** Whether a file that changed at this time (ms since 1970) can be told from one that changes now by its times. Default: two seconds ago. */
  readonly settled?: (changedMs: number) => boolean
}

/** The states of one dataset. Nothing fails: what cannot be kept is measured again the next time. */
export interface StateFolder {
  /** The state of a partition; `refused` where something is kept under its name that is not it, whole. */
  load(partition: string, reading: string): Promise<PartitionState | 'refused' | undefined>
  save(state: PartitionState): Promise<void>
  /** Where a file with failing rows is written before its digest is known. */
  incoming(): Promise<string | undefined>
  /** Keeps such a file by its digest; undefined where it could not be kept. */
  keep(incoming: string): Promise<Digest | undefined>
  /** The place of a kept file, if its bytes are what they were. */
  kept(digest: string): Promise<string | undefined>
  /** The text that is kept as the fact of a question; whether it is one is for its reader to say. */
  fact(question: string): Promise<string | undefined>
  keepFact(question: string, text: string): Promise<void>
  /** Removes all but these states, what they name, and the facts of their questions. */
  prune(states: readonly PartitionState[]): Promise<void>
}

const fileOf = (digest: string): string => digest.replace(':', '-')
const factName = (question: string): string => `fact-${fileOf(digestOf(question))}.json`
const stateName = (partition: string, reading: string): string => `${fileOf(digestOf([partition, reading]))}.json`

/** Opens the folder of a dataset, known by its name and where its files are. */
export function openStateFolder({ host, path, anew }: KeptStates, dataset: string, source: string): StateFolder {
  const { files } = host
  const folder = join(path, digestBytes(JSON.stringify([dataset, source])).slice('sha256:'.length, 23))
  const place = (digest: string) => join(folder, `${fileOf(digest)}.parquet`)
  return {
    async load(partition, reading) {
      const data = await files.readFile(join(folder, stateName(partition, reading)))
      return data.ok ? (readState(data.value, partition, reading) ?? 'refused') : undefined
    },
    async save(state) {
      const made = await files.mkdir(folder)
      if (made.ok) await files.writeAtomic(join(folder, stateName(state.partition, state.reading)), writtenState(state))
    },
    async incoming() {
      const made = await files.mkdir(folder)
      const suffix = [...host.entropy.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      return made.ok ? join(folder, `incoming-${suffix}.parquet`) : undefined
    },
    async keep(incoming) {
      const digest = await files.digest(incoming)
      const moved = digest.ok ? await files.rename(incoming, place(digest.value)) : digest
      if (digest.ok && moved.ok) return digest.value
      await files.remove(incoming)
      return undefined
    },
    async kept(digest) {
      const found = await files.digest(place(digest))
      return found.ok && found.value === digest ? place(digest) : undefined
    },
    async fact(question) {
      if (anew === true) return undefined
      const data = await files.readFile(join(folder, factName(question)))
      return data.ok ? new TextDecoder().decode(data.value) : undefined
    },
    async keepFact(question, text) {
      const made = await files.mkdir(folder)
      if (made.ok) await files.writeAtomic(join(folder, factName(question)), text)
    },
    async prune(states) {
      const wanted = new Set(
        states.flatMap((state) => [
          stateName(state.partition, state.reading),
          ...Object.values(state.answers).flatMap((answer) =>
            answer.form === 'every' && answer.shown !== undefined && answer.shown.rows !== 'later'
              ? [`${fileOf(answer.shown.digest)}.parquet`]
              : [],
          ),
          ...hashesOf(state).flatMap(({ question, digest }) => [`${fileOf(digest)}.parquet`, factName(question)]),
        ]),
      )
      const listed = await files.list(folder)
      if (!listed.ok) return
      for (const { name } of listed.value) if (!wanted.has(name)) await files.remove(join(folder, name))
    },
  }
}
