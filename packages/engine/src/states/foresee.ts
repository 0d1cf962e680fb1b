import type { FileDataset, Instance, Program } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { datasetFiles } from '../relations/dataset-files.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { openKnownDigests } from './known-digests.ts'
import { type DistinctKeys, distinctKeys, type KeyHashes } from './key-hashes.ts'
import { keyQuestion, type PartitionState } from './partition-state.ts'
import { addFailing, openQuestions, partitionName } from './partitions.ts'
import { type AskedRelation, engineVersion, questionName, readingDigest } from './questions.ts'
import { type KeptStates, openStateFolder } from './state-folder.ts'

/** How many files of a dataset answer all that is asked by what was kept of them, and which others would be read. */
export interface ForeseenPartitions {
  readonly files: number
  readonly kept: number
  readonly read: readonly SourceFile[]
  /** Questions, by name, that the kept states do not answer by themselves, and why. */
  readonly unmerged: ReadonlyMap<string, string>
}

const TOO_MUCH = 'one of the files holds more of it than is kept: very many distinct values, or a number beyond float64'
const KEYS_LACK = 'keys that are not whole are told of all rows'
const KEYS_ALIKE = 'keys measured before have hashes that are alike: whether they are one, all rows say'

/** What a run would find kept. A file whose times changed counts as one that is read: its bytes would be. */
export async function foreseePartitions(
  session: Session,
  program: Program,
  root: string,
  toolVersion: string,
  kept: KeptStates,
  dataset: FileDataset,
  asked: readonly AskedRelation[],
): Promise<ForeseenPartitions | undefined> {
  const listed = await datasetFiles(root, dataset)
  if (!listed.ok) return undefined
  const { files } = listed.value
  const folder = openStateFolder(kept, dataset.name, dataset.source.path)
  const digests = await openKnownDigests(kept, JSON.stringify([dataset.name, dataset.source.path]))
  const reading = readingDigest(dataset, program, toolVersion, await engineVersion(session))
  const read: SourceFile[] = []
  const unmerged = new Map<string, string>()
  const states: PartitionState[] = []
  const failing = new Map<string, number>()
  // Of a file that is not known, as many rows fail as are shown.
  let isKnown = true
  const before = (question: string) => (isKnown ? (failing.get(question) ?? 0) : Infinity)
  for (const file of files) {
    const bytes = await digests.of(file)
    const state = bytes === undefined ? undefined : await folder.load(partitionName(bytes, file), reading)
    if (state === undefined || state === 'refused') isKnown = false
    if (state === undefined || state === 'refused' || openQuestions(asked, state, before).length > 0) read.push(file)
    else for (const name of notMerged(state)) unmerged.set(name, TOO_MUCH)
    if (state === undefined || state === 'refused') continue
    addFailing(failing, state)
    states.push(state)
  }
  const keys = distinctKeys(session, folder, false)
  for (const instance of asked.flatMap(({ instances }) => instances)) {
    const because = await keysOpen(keys, instance, states)
    if (because !== undefined) unmerged.set(questionName(instance), because)
  }
  return { files: files.length, kept: files.length - read.length, read, unmerged }
}

const notMerged = ({ answers }: PartitionState): readonly string[] =>
  Object.entries(answers).flatMap(([name, answer]) =>
    answer.form === 'must' && answer.terms.includes(null) ? [name] : [],
  )

/** Why the keys that a question asks for are not known to be distinct from the files measured before alone; a file that is new may add a reason. */
async function keysOpen(
  keys: DistinctKeys,
  instance: Instance,
  states: readonly PartitionState[],
): Promise<string | undefined> {
  const question = questionName(instance)
  const { clause } = instance
  const isKey = clause.form === 'every' && clause.condition.kind === 'unique-key'
  const hashes = new Map<string, KeyHashes[]>()
  const add = (of: string, files: readonly KeyHashes[]) => hashes.set(of, [...(hashes.get(of) ?? []), ...files])
  for (const { answers } of states) {
    const answer = answers[question]
    if (isKey && answer?.form === 'every') {
      if (answer.failing > 0) return KEYS_LACK
      if (answer.keys === undefined) return TOO_MUCH
      add(keyQuestion(question), [answer.keys])
    }
    if (answer?.form !== 'must') continue
    answer.terms.forEach((term, i) => {
      if (term?.rest.kind === 'keys') add(keyQuestion(question, i), term.rest.files)
    })
  }
  for (const [of, files] of hashes) if (!(await keys.areDistinct(of, files))) return KEYS_ALIKE
  return undefined
}
