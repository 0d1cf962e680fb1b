import type { Host } from '@plumbline/core'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** What git prints is cut off here. */
const MOST_BYTES = 16 * 1024 * 1024

/** What git answered: its exit code and what it printed. */
export interface GitAnswer {
  readonly exitCode: number
  readonly out: Uint8Array
  readonly err: string
}

/** Asks git about the repository that a folder is in. Only plumbing commands, which start no other program. */
export type Git = (args: readonly string[]) => Promise<Outcome<GitAnswer>>

/** git for a folder. A repository's configuration cannot make it run anything, nor show other objects than were committed. */
export function openGit(host: Pick<Host, 'spawn'>, folder: string, signal?: AbortSignal): Git {
  return async (args) => {
    const chunks: Uint8Array[] = []
    let size = 0
    let err = ''
    const ended = await host.spawn({
      command: ['git', '--no-pager', '--no-replace-objects', '-c', 'core.fsmonitor=false', ...args],
      cwd: folder,
      env: {
        GIT_GRAFT_FILE: '/dev/null',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
        LC_ALL: 'C',
      },
      ...(signal === undefined ? {} : { signal }),
      onOutput: (stream, data) => {
        if (stream === 'stderr') err = (err + new TextDecoder().decode(data)).slice(0, 2000)
        else if ((size += data.length) <= MOST_BYTES) chunks.push(data.slice())
      },
    })
    if (!ended.ok)
      return failure(
        'cli/no-git',
        `git could not be started: ${ended.error.message.replace(/\.$/, '')}.`,
        'Revisions of a spec are read from git.',
        'Install git, or name files instead of revisions.',
        EXIT.environment,
      )
    const exitCode = size > MOST_BYTES ? 1 : (ended.value.exitCode ?? 1)
    return success({ exitCode, out: joined(chunks), err: err.trim() })
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** The commit a revision names, as its full id; undefined where it names none. */
export async function commitOf(git: Git, revision: string): Promise<Outcome<string | undefined>> {
  const found = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
  if (!found.ok) return found
  const id = textOf(found.value).trim()
  return success(found.value.exitCode === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined)
}

/** The bytes of a file at a commit; undefined where there is no such file. `path` is relative to the folder of git, with `/`. */
export async function fileAt(git: Git, commit: string, path: string): Promise<Outcome<Uint8Array | undefined>> {
  const found = await git(['cat-file', 'blob', `${commit}:./${path}`])
  if (!found.ok) return found
  return success(found.value.exitCode === 0 ? found.value.out : undefined)
}

/** What git printed, as text. */
export const textOf = ({ out }: Pick<GitAnswer, 'out'>): string => new TextDecoder().decode(out)
