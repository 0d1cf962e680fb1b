import { isAbsolute, join, relative } from 'node:path'
import {
  clockMark,
  type ForeignResult,
  type JsonObject,
  matchResults,
  type Program,
  readForeignResults,
  type RecordedResult,
  type StoodAs,
  type UnmatchedResult,
} from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { appendRecords, ledgerFailure, type ProjectState } from '../project/state.ts'

/** A file of results may not be larger. */
const LARGEST = 64 * 1024 * 1024

/** Reads files of results and records what they say, each with the digest of its bytes; a later one of a name replaces the earlier. */
export async function recordResults(
  context: CommandContext,
  state: ProjectState,
  paths: readonly string[],
  /** What stands here now, of which the results are said to speak. */
  stands: StoodAs,
): Promise<Outcome<void>> {
  for (const path of paths) {
    const read = await readResults(context, path)
    if (!read.ok) return read
    const { at, digest, results } = read.value
    const body = { kind: 'foreign', file: at, digest, at: new Date(context.host.clock.now()).toISOString() }
    const written = await appendRecords(state.ledger, [
      {
        ...body,
        ...clockMark(context.host.clock),
        stands: stands as unknown as JsonObject,
        results: results as unknown as JsonObject[],
      },
    ])
    if (!written.ok) return written
  }
  return success(undefined)
}

interface ReadFile {
  readonly at: string
  readonly digest: string
  readonly results: readonly UnmatchedResult[]
}

async function readResults({ host, root }: CommandContext, path: string): Promise<Outcome<ReadFile>> {
  const absolute = isAbsolute(path) ? path : join(root, path)
  const stat = await host.files.stat(absolute)
  const refused = (why: string) =>
    failure(
      'cli/unreadable-results',
      `The results of ${path} cannot be read: ${why}.`,
      'JUnit XML, and results of Great Expectations and Deepchecks in JSON, are read.',
      'Name the file that the test run wrote.',
    )
  if (!stat.ok || stat.value === undefined) return refused(stat.ok ? 'there is no such file' : stat.error.message)
  if (stat.value.kind !== 'file') return refused('it is not a file')
  if (stat.value.size > LARGEST) return refused('it is larger than 64 MiB')
  const read = await host.files.readFile(absolute)
  const digest = await host.files.digest(absolute)
  if (!read.ok || !digest.ok)
    return failure(
      'cli/unreadable-results',
      `The results of ${path} cannot be read.`,
      'The system refused to read the file.',
      'Check its permissions.',
      EXIT.environment,
    )
  const results = await readForeignResults(new TextDecoder().decode(read.value))
  if (!results.ok) return refused(results.problem)
  return success({ at: relative(root, absolute).replaceAll('\\', '/'), digest: digest.value, results: results.results })
}

/** What was recorded last of each file, matched to the clauses of a program. */
export async function recordedResults(
  state: ProjectState,
  program: Program,
): Promise<Outcome<readonly (ForeignResult & RecordedResult)[]>> {
  const records = await state.ledger.select(({ body }) => body.kind === 'foreign')
  if (!records.ok) return ledgerFailure(records.failure)
  const last = new Map<string, { readonly recorded: Recorded; readonly results: readonly UnmatchedResult[] }>()
  for (const { body } of records.value) {
    const { file, digest, results, stands } = body
    // Anybody may append records: one that only says it is one is passed over.
    if (typeof file !== 'string' || typeof digest !== 'string' || !Array.isArray(results)) continue
    const recorded: Recorded = { file, digest, ...(isStanding(stands) ? { stands } : {}) }
    last.set(file, { recorded, results: (results as readonly unknown[]).filter(isResult) })
  }
  const clauses = program.clauses.map(({ id }) => id)
  return success(
    [...last.values()].flatMap(({ recorded, results }) =>
      matchResults(results, clauses).map((result) => ({ ...result, ...recorded })),
    ),
  )
}

type Recorded = Pick<RecordedResult, 'file' | 'digest' | 'stands'>

function isStanding(value: unknown): value is StoodAs {
  if (typeof value !== 'object' || value === null) return false
  const { clauses, data, candidate } = value as Readonly<Record<string, unknown>>
  const isTexts = (each: unknown): boolean =>
    typeof each === 'object' && each !== null && Object.values(each).every((text) => typeof text === 'string')
  return isTexts(clauses) && isTexts(data) && (candidate === undefined || typeof candidate === 'string')
}

const VERDICTS = new Set(['satisfied', 'violated', 'error', 'skipped'])

function isResult(value: unknown): value is UnmatchedResult {
  if (typeof value !== 'object' || value === null) return false
  const { tool, name, verdict, tags } = value as Readonly<Record<string, unknown>>
  const words = typeof tool === 'string' && typeof name === 'string' && VERDICTS.has(String(verdict))
  return words && Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')
}
