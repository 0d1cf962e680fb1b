import type { Committed } from '@plumbline/core/change'
import { type Outcome, success } from '../failure.ts'
import { type Git, textOf } from './git.ts'
import type { Signer } from './signers.ts'
import { isSignedBy } from './ssh-signature.ts'

/** Commits that are looked at; where a weakening is older, its history is not known. */
export const MOST_COMMITS = 400

/** A commit that touched the spec, with the commits before it that did. */
export interface SpecCommit {
  readonly id: string
  readonly parents: readonly string[]
}

/** The commits that touched some files, newest first, with parents among themselves; from HEAD back. */
export async function commitsOf(git: Git, paths: readonly string[]): Promise<Outcome<readonly SpecCommit[]>> {
  const found = await git([
    'rev-list',
    '--parents',
    '--topo-order',
    `--max-count=${MOST_COMMITS}`,
    'HEAD',
    '--',
    ...paths.map((path) => `:(literal)${path}`),
  ])
  if (!found.ok) return found
  const lines = textOf(found.value)
    .split('\n')
    .filter((line) => line !== '')
  return success(
    lines.map((line) => {
      const [id = '', ...parents] = line.split(' ')
      return { id, parents }
    }),
  )
}

/** Who made a commit, and whose listed keys signed it. Of the message only `Co-authored-by` lines are read. */
export async function committedBy(
  git: Git,
  commit: string,
  signers: readonly Signer[],
): Promise<Outcome<Committed | undefined>> {
  const found = await git(['cat-file', 'commit', commit])
  if (!found.ok) return found
  if (found.value.exitCode !== 0) return success(undefined)
  const text = textOf(found.value)
  const end = text.indexOf('\n\n')
  const [head, message] = [text.slice(0, end), text.slice(end + 2)]
  const author = address(/^author (.*)$/m.exec(head)?.[1])
  const committer = address(/^committer (.*)$/m.exec(head)?.[1])
  if (author === undefined || committer === undefined) return success(undefined)
  const others = [...message.matchAll(/^co-authored-by:(.*)$/gim)].flatMap((line) => address(line[1]) ?? [])
  const signedBy = whoSigned(found.value.out, signers)
  return success({
    commit,
    authors: [...new Set([author, ...others])],
    committer,
    ...(signedBy.length === 0 ? {} : { signedBy }),
  })
}

/** Those by whose keys a commit is signed: the signature stands in its header, and is of all the rest. */
function whoSigned(raw: Uint8Array, signers: readonly Signer[]): readonly string[] {
  const text = Buffer.from(raw).toString('latin1')
  const end = text.indexOf('\n\n')
  const found = /^gpgsig (.*(?:\n .*)*)\n/m.exec(text.slice(0, end + 1))
  if (found?.[1] === undefined) return []
  const signed = Buffer.from(text.slice(0, found.index) + text.slice(found.index + found[0].length), 'latin1')
  const armoured = found[1].replaceAll('\n ', '\n')
  return signers.flatMap(({ people, key }) =>
    key !== undefined && isSignedBy(signed, armoured, [key], 'git') ? people : [],
  )
}

const address = (person: string | undefined): string | undefined =>
  /<([^<>]*)>/
    .exec(person ?? '')?.[1]
    ?.trim()
    .toLowerCase()

/** Whether one commit comes before another. */
export async function isBefore(git: Git, earlier: string, later: string): Promise<Outcome<boolean>> {
  if (earlier === later) return success(false)
  const found = await git(['merge-base', '--is-ancestor', earlier, later])
  return found.ok ? success(found.value.exitCode === 0) : found
}
