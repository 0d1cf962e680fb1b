import {
  columnsOf as conditionColumns,
  type FileDataset,
  type Instance,
  type Program,
  sql,
  identifier,
  type Term,
} from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { columnsRead } from '../plan/relation-plan.ts'
import { textKind } from '../relations/data-catalog.ts'
import { datasetFiles } from '../relations/dataset-files.ts'
import { openDataset } from '../relations/open-dataset.ts'
import { readBytes, type SourceFile, sourceDigestOf } from '../relations/source-files.ts'
import { isOfBins } from './bins-state.ts'
import { comparedSplits } from './compared-bins.ts'
import { isOfNumbers, needsNumbers } from './counted-numbers.ts'
import { type KnownDigests, openKnownDigests } from './known-digests.ts'
import { FIRST } from './failing-rows.ts'
import { type FailingBefore, measurePartition } from './measure-partition.ts'
import type { PartitionState } from './partition-state.ts'
import { type AskedRelation, engineVersion, questionName, readingDigest } from './questions.ts'
import { kindsOf, type TermState } from './term-state.ts'
import { type KeptStates, openStateFolder, type StateFolder } from './state-folder.ts'

/** What is measured of a dataset, file by file. */
export interface PartitionsRequest {
  readonly program: Program
  readonly root: string
  readonly session: Session
  readonly toolVersion: string
  readonly kept: KeptStates
  readonly dataset: FileDataset
  /** What is asked now. */
  readonly asked: readonly AskedRelation[]
  /** Everything that the spec asks: what was kept for it stays, though it is not asked now. */
  readonly known: readonly AskedRelation[]
  readonly signal?: AbortSignal
}

/** All files of a dataset, each with its state. */
export interface Partitions {
  readonly files: readonly SourceFile[]
  /** As evidence names the dataset. */
  readonly digest: string
  /** In the order of the files. */
  readonly states: readonly PartitionState[]
  readonly folder: StateFolder
  /** Names of the files of which bytes were read: for their digest, or for their rows. */
  readonly digested: readonly string[]
  /** Names of the files of which rows were read. */
  readonly measured: readonly string[]
  /** Names of the files of which what was kept is not what was written: they were measured again. */
  readonly refused: readonly string[]
}

/**
 * Measures the files of a dataset of which something that is asked is not known. Undefined where that is not possible: a file cannot be read,
 * or they differ in their columns. Reading all of them at once says what is the matter.
 */
export async function measurePartitions(request: PartitionsRequest): Promise<Partitions | undefined> {
  const { program, root, session, kept, dataset, toolVersion, signal } = request
  const listed = await datasetFiles(root, dataset)
  if (!listed.ok) return undefined
  const { files } = listed.value
  const folder = openStateFolder(kept, dataset.name, dataset.source.path)
  const digests = await openKnownDigests(kept, JSON.stringify([dataset.name, dataset.source.path]))
  const reading = readingDigest(dataset, program, toolVersion, await engineVersion(session))
  const found: { readonly state: PartitionState; readonly bytes: string }[] = []
  const digested: string[] = []
  const measured: string[] = []
  const refused: string[] = []
  const failing = new Map<string, number>()
  const before = (question: string): number => failing.get(question) ?? 0
  for (const [at, file] of files.entries()) {
    if (signal?.aborted) return undefined
    const part = await partitionOf(
      { ...request, reading, folder, digests, digested, measured, refused, before },
      file,
      at,
    )
    if (part === undefined) break
    found.push(part)
    addFailing(failing, part.state)
  }
  await digests.save(files)
  const states = found.map(({ state }) => state)
  const alike = states.every(({ shape }) => shape === states[0]?.shape)
  if (states.length < files.length || !alike) return undefined
  await folder.prune(states)
  const digest = sourceDigestOf(
    files,
    found.map(({ bytes }) => bytes),
  )
  return { files, digest, states, folder, digested, measured, refused }
}

/** Adds the failing rows of a file to those of the files before it. */
export function addFailing(failing: Map<string, number>, { answers }: PartitionState): void {
  for (const [name, answer] of Object.entries(answers))
    if (answer.form === 'every') failing.set(name, (failing.get(name) ?? 0) + answer.failing)
}

interface PartRequest extends PartitionsRequest {
  readonly reading: string
  readonly folder: StateFolder
  readonly digests: KnownDigests
  readonly digested: string[]
  readonly measured: string[]
  readonly refused: string[]
  readonly before: FailingBefore
}

async function partitionOf(request: PartRequest, file: SourceFile, at: number) {
  const { program, digests, folder, reading, dataset, kept } = request
  const known = await digests.of(file)
  const bytes = known ?? (await digestOf(request, file))
  if (bytes === undefined) return undefined
  const partition = partitionName(bytes, file)
  const loaded = kept.anew === true ? undefined : await folder.load(partition, reading)
  const isRefused = loaded === 'refused' || (loaded !== undefined && !answersWhatIsAsked(request.asked, loaded))
  if (isRefused) request.refused.push(file.name)
  const before = isRefused ? undefined : loaded
  const open = openQuestions(request.asked, before, request.before)
  if (before !== undefined && open.length === 0) return { state: before, bytes }
  // What is about to be read must be what the digest says, not only what the file system says of it.
  const now = known === undefined ? bytes : await digestOf(request, file)
  if (now !== bytes) return undefined
  request.measured.push(file.name)
  const opened = await openPart(request, file, at, columnsOf(request, open))
  if (opened === undefined) return undefined
  const table = tableOf(at)
  // The first files of a run keep rows that may never be shown: any of them may be the first file one day.
  const shows: FailingBefore = request.measured.length <= SHOWING ? () => 0 : request.before
  const part = { dataset, files: [file], digest: `bytes:sha256:${bytes}`, open: opened }
  const fresh = await measurePartition({ program, session: request.session, loaded: part, folder, before: shows }, open)
  if (!opened.columnar) await request.session.query(sql`DROP TABLE IF EXISTS ${identifier(table)}`)
  // What an interruption left out must not be kept as what could not be measured.
  if (fresh === undefined || request.signal?.aborted === true) return undefined
  const wanted = new Set(request.known.flatMap(({ instances }) => instances.map(questionName)))
  const earlier = Object.entries(before?.answers ?? {}).filter(([key]) => wanted.has(key))
  const state: PartitionState = {
    schema: 'plumbline/partition-state/1',
    partition,
    reading,
    shape: opened.shape ?? '',
    present: opened.present,
    undeclared: opened.undeclared,
    said: opened.said ?? [],
    rows: fresh.rows,
    answers: { ...Object.fromEntries(earlier), ...fresh.answers },
  }
  await folder.save(state)
  return { state, bytes }
}

/** Files of one run that keep failing rows though files before them have as many as are shown. */
const SHOWING = 8

const tableOf = (at: number): string => `partition_${at}`

/** Columns that questions read, with those by which failing rows are known. */
function columnsOf({ program, dataset }: PartRequest, asked: readonly AskedRelation[]): ReadonlySet<string> {
  const needed = new Set(dataset.key)
  for (const { relation, instances } of asked) {
    const filter = dataset.splits.find(({ name }) => name === relation.split)?.condition ?? null
    for (const instance of instances) for (const name of columnsRead(instance, { filter })) needed.add(name)
    const splits = new Set(instances.flatMap((instance) => comparedSplits(program, instance)).map(({ split }) => split))
    for (const { name, condition } of dataset.splits)
      if (splits.has(name)) for (const column of conditionColumns(condition)) needed.add(column)
  }
  return needed
}

async function openPart({ session, dataset }: PartRequest, file: SourceFile, at: number, needed: ReadonlySet<string>) {
  const ordinal = dataset.columns.length
  const open = await openDataset(session, { dataset, files: [file], ordinal, table: tableOf(at), needed })
  if (!open.ok || open.value.failures.size > 0 || (open.value.notes ?? []).length > 0) return undefined
  return open.value
}

/** Reads every byte of a file, and remembers its digest where its times will tell that it changed. */
async function digestOf({ digests, digested, dataset }: PartRequest, file: SourceFile): Promise<string | undefined> {
  digested.push(file.name)
  const before = await digests.look(file)
  const read = await readBytes([file], await textKind([file], dataset))
  if (!read.ok) return undefined
  const hex = read.value.digest.slice('bytes:sha256:'.length)
  const after = await digests.look(file)
  if (before !== undefined && before === after) digests.remember(file, before, hex)
  return hex
}

/** A partition is the bytes of its file and the columns that its folders are; its own name changes nothing. */
export function partitionName(bytes: string, { name }: SourceFile): string {
  const folders = name
    .split('/')
    .slice(0, -1)
    .filter((folder) => folder.includes('='))
  return JSON.stringify([bytes, ...folders])
}

/** Questions that a state does not answer. */
export function openQuestions(
  asked: readonly AskedRelation[],
  state: PartitionState | undefined,
  before: FailingBefore,
): readonly AskedRelation[] {
  if (state === undefined) return asked
  return asked
    .map(({ instances, ...rest }) => ({
      ...rest,
      instances: instances.filter((each) => isOpen(each, rest, state, before)),
    }))
    .filter(({ instances }) => instances.length > 0)
}

/** Whether the answers in a state are of the form that their questions have: none that was written is not. */
function answersWhatIsAsked(asked: readonly AskedRelation[], { answers }: PartitionState): boolean {
  return asked.every(({ instances }) =>
    instances.every((instance) => {
      const answer = answers[questionName(instance)]
      const { clause } = instance
      if (answer === undefined || answer.form !== clause.form) return answer === undefined
      if (answer.form !== 'must' || clause.form !== 'must') return true
      const { terms } = clause.must
      return answer.terms.length === terms.length && answer.terms.every((each, i) => fits(terms[i], each))
    }),
  )
}

const fits = (term: Term | undefined, state: TermState | null): boolean =>
  term !== undefined &&
  (state === null || (kindsOf(term).includes(state.rest.kind) && (state.numbers !== undefined || !needsNumbers(term))))

/** Whether a state does not answer a question, does for other bins than those of today, or left failing rows to files that are gone. */
function isOpen(
  instance: Instance,
  { compared }: Omit<AskedRelation, 'instances'>,
  state: PartitionState,
  before: FailingBefore,
): boolean {
  const name = questionName(instance)
  const answer = state.answers[name]
  if (answer === undefined) return true
  if (answer.form === 'every') return answer.shown?.rows === 'later' && before(name) < FIRST
  const bins = compared?.get(instance) ?? []
  return answer.terms.some((term, i) => {
    const own = bins[i]
    if (own === undefined || term === null) return false
    return own.kind === 'bins' ? !isOfBins(term, own) : !isOfNumbers(term, own)
  })
}
