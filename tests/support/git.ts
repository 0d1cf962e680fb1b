import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A person that commits. */
export interface Person {
  readonly name: string
  readonly email: string
}

/** A repository of its own, outside this one, with no configuration of the machine. */
export interface Repository {
  readonly folder: string
  /** Commits everything that is in the folder; returns the commit's id. */
  commit(message: string, author: Person, committer?: Person): string
  git(...args: readonly string[]): string
}

/** Makes an empty repository in a fresh temporary folder. */
export function repository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-git-'))
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string => {
    const done = spawnSync('git', [...args], { cwd: folder, encoding: 'utf8', env: { ...environment, ...env } })
    if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`)
    return done.stdout.trim()
  }
  run(['init', '--quiet', '--initial-branch=main'])
  return {
    folder,
    git: (...args) => run(args),
    commit: (message, author, committer = author) => {
      run(['add', '--all'])
      run(['commit', '--quiet', '--allow-empty', '--message', message], {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
      })
      return run(['rev-parse', 'HEAD'])
    },
  }
}
