import type { Program, ProgramWaiver } from '@plumbline/core'
import { type Change, type Committed, compareSpecs, type History, losesSomething } from '@plumbline/core/change'
import { type Outcome, success } from '../failure.ts'
import { commitsOf, committedBy, isBefore, MOST_COMMITS, type SpecCommit } from './commits.ts'
import { commitOf, type Git, textOf } from './git.ts'
import type { Signer } from './signers.ts'
import { specAt } from './spec-at.ts'

/** What history says of the weakenings and waivers of the spec as it stands in the folder. */
export interface SpecHistory {
  readonly weakenings: ReadonlyMap<string, History>
  readonly waivers: ReadonlyMap<string, History>
  /** Waivers whose commit has that of their weakening before it. */
  readonly after: ReadonlySet<string>
}

/** The spec whose history is asked for: what it is compared with, what stands in the folder, and its files. */
export interface Subject {
  readonly base: Program
  readonly here: Program
  readonly weakenings: readonly Change[]
  /** Relative to the folder of git, the main file first. */
  readonly paths: readonly string[]
  readonly params: Readonly<Record<string, string>>
  /** The spec as it stands in the folder without the parameters of this command; where there are none, or it has mistakes, absent. */
  readonly plain?: Program
  /** Whose keys a commit may be signed with. */
  readonly signers: readonly Signer[]
}

/** What the spec said at a commit: a text for each weakening of the base, and for each waiver. */
interface Said {
  readonly weaker: ReadonlyMap<string, string>
  readonly waivers: ReadonlyMap<string, string>
}

/**
 * Finds who made each weakening, and who committed each waiver: the commits in which what stands here first stood, walking back
 * from HEAD as long as the clause is weaker than in the base (or the waiver the same).
 */
export async function historyOf(git: Git, subject: Subject): Promise<Outcome<SpecHistory>> {
  const head = await commitOf(git, 'HEAD')
  if (!head.ok) return head
  if (head.value === undefined) return success(unknownHistory(subject, 'the project is in no git repository'))
  const shallow = await git(['rev-parse', '--is-shallow-repository'])
  if (!shallow.ok) return shallow
  // The oldest commit of a cut history seems to have made everything.
  if (textOf(shallow.value).trim() === 'true')
    return success(unknownHistory(subject, 'the clone is shallow (fetch the whole history)'))
  const listed = await commitsOf(git, subject.paths)
  if (!listed.ok) return listed
  const commits = new Map(listed.value.map((commit) => [commit.id, commit]))
  const said = reader(git, subject)
  const find = finder(git, commits, said, listed.value[0]?.id, subject.signers)
  const here = sayings(subject.base, subject.here)
  const plain = subject.plain === undefined ? here : sayings(subject.base, subject.plain)
  const weakenings = new Map<string, History>()
  for (const { id } of subject.weakenings) {
    if (plain.weaker.get(id) !== here.weaker.get(id)) {
      // A parameter of the command made it what it is: no commit did.
      weakenings.set(id, { kind: 'uncommitted' })
      continue
    }
    const found = await find(({ weaker }) => weaker.get(id), here.weaker.get(id), 'changed')
    if (!found.ok) return found
    weakenings.set(id, found.value)
  }
  const waivers = new Map<string, History>()
  const after = new Set<string>()
  for (const waiver of subject.here.waivers ?? []) {
    const found = await find((at) => at.waivers.get(waiver.id), here.waivers.get(waiver.id), 'first')
    if (!found.ok) return found
    waivers.set(waiver.id, found.value)
    const follows = await comesAfter(git, weakenings.get(waiver.clause), found.value)
    if (!follows.ok) return follows
    if (follows.value) after.add(waiver.id)
  }
  return success({ weakenings, waivers, after })
}

/** Nothing is known, for one reason. */
export function unknownHistory({ weakenings, here }: Pick<Subject, 'weakenings' | 'here'>, why: string): SpecHistory {
  const unknown: History = { kind: 'unknown', why }
  return {
    weakenings: new Map(weakenings.map(({ id }) => [id, unknown])),
    waivers: new Map((here.waivers ?? []).map(({ id }) => [id, unknown])),
    after: new Set(),
  }
}

function sayings(base: Program, program: Program): Said {
  const lost = compareSpecs(base, program).changes.filter(losesSomething)
  return {
    weaker: new Map(
      lost.map(({ id, kind, facets }) => [
        id,
        JSON.stringify([kind, facets.map(({ name, before, after }) => [name, before, after])]),
      ]),
    ),
    waivers: new Map((program.waivers ?? []).map((waiver: ProgramWaiver) => [waiver.id, JSON.stringify(waiver)])),
  }
}

type SaidAt = (commit: string) => Promise<Outcome<Said | undefined>>

/** Reads what the spec said at a commit, each once; undefined where it was not there, or had mistakes. */
function reader(git: Git, { base, paths, params }: Subject): SaidAt {
  const known = new Map<string, Promise<Outcome<Said | undefined>>>()
  const read = async (commit: string): Promise<Outcome<Said | undefined>> => {
    const spec = await specAt(git, { commit, folder: '', path: paths[0] ?? '' }, params)
    if (!spec.ok) return spec
    return success(spec.value?.program === undefined ? undefined : sayings(base, spec.value.program))
  }
  return (commit) => {
    const found = known.get(commit) ?? read(commit)
    known.set(commit, found)
    return found
  }
}

type Find = (
  of: (said: Said) => string | undefined,
  here: string | undefined,
  until: 'changed' | 'first',
) => Promise<Outcome<History>>

/**
 * `changed`: every commit since the clause was last as strong as in the base that made it what it is; `first`: only those in
 * which it became what stands here.
 */
function finder(
  git: Git,
  commits: ReadonlyMap<string, SpecCommit>,
  saidAt: SaidAt,
  newest: string | undefined,
  signers: readonly Signer[],
): Find {
  return async (of, here, until) => {
    if (newest === undefined) return success({ kind: 'uncommitted' })
    const at = async (commit: string): Promise<Outcome<string | undefined>> => {
      const said = await saidAt(commit)
      if (!said.ok) return said
      // A spec with mistakes, or none, asks nothing: as weak as can be.
      return success(said.value === undefined ? (until === 'changed' ? 'nothing' : undefined) : of(said.value))
    }
    const top = await at(newest)
    if (!top.ok) return top
    if (top.value !== here || here === undefined) return success({ kind: 'uncommitted' })
    const makers: Committed[] = []
    const seen = new Set([newest])
    const open = [newest]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const commit = commits.get(id)
      if (commit === undefined)
        return success({ kind: 'unknown', why: `it is older than ${MOST_COMMITS} commits of the spec` })
      const own = await at(id)
      if (!own.ok) return own
      let inherited = false
      for (const parent of commit.parents) {
        const before = await at(parent)
        if (!before.ok) return before
        inherited ||= before.value === own.value
        const follow = until === 'first' ? before.value === here : before.value !== undefined
        if (follow && !seen.has(parent)) {
          seen.add(parent)
          open.push(parent)
        }
      }
      if (inherited) continue
      const maker = await committedBy(git, id, signers)
      if (!maker.ok) return maker
      if (maker.value === undefined)
        return success({ kind: 'unknown', why: `the commit ${id.slice(0, 12)} cannot be read` })
      makers.push(maker.value)
    }
    return success({ kind: 'committed', by: makers })
  }
}

async function comesAfter(git: Git, weakening: History | undefined, waiver: History): Promise<Outcome<boolean>> {
  if (weakening?.kind !== 'committed' || waiver.kind !== 'committed') return success(false)
  for (const later of waiver.by) {
    for (const earlier of weakening.by) {
      const before = await isBefore(git, earlier.commit, later.commit)
      if (!before.ok || !before.value) return before
    }
  }
  return success(waiver.by.length > 0)
}
