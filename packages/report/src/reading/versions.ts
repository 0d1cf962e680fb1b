import type { Evidence, Program } from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { type ClauseReading, fileEvidence, holdsRole, readSubject, subjectOf, subjectsOf } from './instances.ts'

/** One version of a model and what is known of it. */
export interface Version {
  readonly digest: string
  /** `v2`, as the timeline calls it; absent for one that was never promoted. */
  readonly name?: string
  readonly role: 'champion' | 'candidate' | 'former champion' | 'tested' | 'other model'
  /** Names under which evidence knows it, where it is not a role: `scorecard`. */
  readonly names: readonly string[]
  readonly clauses: readonly ClauseReading[]
  /** What the version answered in staging. */
  readonly release: readonly ClauseReading[]
  readonly firstTested: string
  readonly lastTested: string
  /** An id for links, unique in a page. */
  readonly anchor: string
}

/** Evidence in the order of a page: data, then the versions, the champion first, then the candidate, then the latest. */
export interface Readings {
  readonly data: readonly ClauseReading[]
  readonly versions: readonly Version[]
  /** The version the gate decided about. */
  readonly candidate?: string
}

/** Reads all evidence of a document once. */
export function readAll(input: ReportInput): Readings {
  const { program } = input
  // What production is found to be, window after window, is a matter of time: it has its own sections.
  const evidence = input.evidence.filter(({ statement }) => statement.stage !== 'runtime')
  const staged = fileEvidence(evidence.filter(({ statement }) => statement.stage === 'release'))
  const promoted = (input.promotions ?? []).filter(({ model }) => model === 'champion').map(({ digest }) => digest)
  const champion = input.champion ?? promoted.at(-1)
  const candidate = candidateOf(input)
  const filed = fileEvidence(evidence.filter(({ statement }) => statement.stage !== 'release'))
  const tested = [...new Set([...subjectsOf(filed), ...subjectsOf(staged)])]
  const first = [champion, candidate].filter((digest) => digest !== undefined)
  const ordered = [...new Set([...first, ...tested])].filter(
    (digest) => tested.includes(digest) || first.includes(digest),
  )
  const roleOf = (digest: string, names: readonly string[]): Version['role'] => {
    if (digest === champion) return 'champion'
    if (digest === candidate) return 'candidate'
    if (promoted.includes(digest)) return 'former champion'
    return names.length > 0 && names.every((name) => !isRole(name)) ? 'other model' : 'tested'
  }
  const versions = ordered.map((digest, i): Version => {
    const about = evidence.filter(({ statement }) => Object.values(statement.digests.models).includes(digest))
    const names = namesOf(about, digest)
    const clauses = readSubject(program, filed, digest)
    const release = readSubject(program, staged, digest)
    const times = [...clauses, ...release].flatMap(({ answers }) => answers.map(({ run }) => run.at)).toSorted()
    const number = [...new Set(promoted)].indexOf(digest)
    return {
      digest,
      ...(number < 0 ? {} : { name: `v${number + 1}` }),
      role: roleOf(digest, names),
      names: names.filter((name) => !isRole(name)),
      clauses,
      release,
      firstTested: times[0] ?? '',
      lastTested: times.at(-1) ?? '',
      anchor: `model-${i + 1}`,
    }
  })
  return {
    data: readSubject(program, filed, undefined),
    versions,
    ...(candidate === undefined ? {} : { candidate }),
  }
}

/** The version a gate decided about: as told, else that of the evidence it rests on or refuses. */
function candidateOf({ gate, candidate, evidence }: ReportInput): string | undefined {
  if (candidate !== undefined || gate === undefined) return candidate
  const named = new Set([...gate.supporting, ...gate.reasons.map((reason) => reason.evidence)])
  const found = evidence.findLast(({ id, statement }) => named.has(id) && holdsRole(statement))
  return found === undefined ? undefined : subjectOf(found.statement)
}

function namesOf(evidence: readonly Evidence[], digest: string): readonly string[] {
  const names = evidence.flatMap(({ statement }) =>
    Object.entries(statement.digests.models).flatMap(([name, value]) => (value === digest ? [name] : [])),
  )
  return [...new Set(names)]
}

const isRole = (name: string): boolean => name === 'champion' || name === 'challenger'

/** The readings a release of this version would rest on: those of the data and its own. */
export function readingsFor(readings: Readings, version: Version | undefined): readonly ClauseReading[] {
  return [...readings.data, ...(version?.clauses ?? []), ...(version?.release ?? [])]
}

/** Clauses of the spec that are asked before release, whatever their verdicts; runtime ones wait for production. */
export function askedBeforeRelease(program: Program): ReadonlySet<string> {
  return new Set(program.clauses.filter(({ of }) => of.some(({ stage }) => stage !== 'runtime')).map(({ id }) => id))
}
