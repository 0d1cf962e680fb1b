#!/usr/bin/env node
// Plain JavaScript that any Node can read: an older one gets one sentence instead of a syntax error.

/** When a file of this installation was written; 0 where it is not there. */
const writtenAt = (path) =>
  process.getBuiltinModule('node:fs').statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The joined modules where they are no older than any build; builds leave their mark in a workspace only. */
function entry() {
  const parts = [
    'core',
    'guard',
    'gherkin',
    'importers',
    'store',
    'engine',
    'solver',
    'report',
    'runner',
    'server',
    'cli',
  ]
  const builds = parts.map((name) => `../../${name}/dist/.tsbuildinfo`)
  const joined = '../dist/bundle/main.js'
  const made = writtenAt(joined)
  return made > 0 && builds.every((build) => writtenAt(build) < made) ? joined : '../dist/main.js'
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`plumb needs Node 22.18 or later; this is ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  // The code as compiled at an earlier start, kept in the temporary folder: some 40 ms less on each later one.
  process.getBuiltinModule('node:module').enableCompileCache()
  import(entry()).then(({ main }) => main(process.argv.slice(2)))
}
