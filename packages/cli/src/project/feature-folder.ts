import { join } from 'node:path'
import type { Host } from '@plumbline/core'
import { fileAt, type Git, textOf } from '../revisions/git.ts'
import type { FeatureFolder } from './feature-files.ts'
import { pathTest, projectFiles } from './project-files.ts'

/** The features of a project folder. */
export function featuresIn(host: Host, root: string): FeatureFolder {
  return {
    match: (pattern) => projectFiles(host, root, pattern),
    read: async (path, most) => {
      const read = await host.files.readRange(join(root, path), 0, most)
      return read.ok ? { bytes: read.value } : { problem: `cannot be read: ${read.error.message}` }
    },
  }
}

/** The features as they stood at a commit; `folder` is that of the project, with a `/` at its end, or empty. */
export function featuresAt(git: Git, commit: string, folder: string): FeatureFolder {
  return {
    match: async (pattern) => {
      const listed = await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', `${commit}:./${folder}`])
      if (!listed.ok || listed.value.exitCode !== 0)
        return { problem: `cannot be listed at ${commit.slice(0, 12)}`, path: pattern }
      const wanted = pathTest(pattern)
      return {
        paths: textOf(listed.value)
          .split('\0')
          .filter((path) => wanted.test(path))
          .toSorted(),
      }
    },
    read: async (path, most) => {
      const read = await fileAt(git, commit, `${folder}${path}`)
      if (!read.ok) return { problem: read.failure.message }
      return read.value === undefined
        ? { problem: `is not there at ${commit.slice(0, 12)}` }
        : { bytes: read.value.subarray(0, most) }
    },
  }
}
