import type { FileDataset, Program } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import { datasetFiles } from '../relations/dataset-files.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { openKnownDigests } from './known-digests.ts'
import type { PartitionState } from './partition-state.ts'
import { addFailing, openQuestions, partitionName } from './partitions.ts'
import { type AskedRelation, engineVersion, readingDigest } from './questions.ts'
import { type KeptStates, openStateFolder } from './state-folder.ts'

/** How many files of a dataset answer all that is asked by what was kept of them, and which others would be read. */
export interface ForeseenPartitions {
  readonly files: number
  readonly kept: number
  readonly read: readonly SourceFile[]
  /** Questions, by name, that a kept state does not answer by itself: what there was to be kept was too much. */
  readonly unmerged: ReadonlySet<string>
}

/** What a run would find kept. A file whose times changed counts as one that is read: its bytes would be. */
export async function foreseePartitions(
  session: Database,
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
  const unmerged = new Set<string>()
  const failing = new Map<string, number>()
  // Of a file that is not known, as many rows fail as are shown.
  let isKnown = true
  const before = (question: string) => (isKnown ? (failing.get(question) ?? 0) : Infinity)
  for (const file of files) {
    const bytes = await digests.of(file)
    const state = bytes === undefined ? undefined : await folder.load(partitionName(bytes, file), reading)
    if (state === undefined || state === 'refused') isKnown = false
    if (state === undefined || state === 'refused' || openQuestions(asked, state, before).length > 0) read.push(file)
    else for (const name of notMerged(state)) unmerged.add(name)
    if (state !== undefined && state !== 'refused') addFailing(failing, state)
  }
  return { files: files.length, kept: files.length - read.length, read, unmerged }
}

const notMerged = ({ answers }: PartitionState): readonly string[] =>
  Object.entries(answers).flatMap(([name, answer]) =>
    answer.form === 'must' && answer.terms.includes(null) ? [name] : [],
  )
