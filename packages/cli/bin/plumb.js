#!/usr/bin/env node
// Plain JavaScript that any Node can read: an older one gets one sentence instead of a syntax error.
import * as module from 'node:module'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`plumb needs Node 22.18 or later; this is ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  // The code as compiled at an earlier start, kept in the temporary folder: some 40 ms less on each later one.
  module.enableCompileCache()
  import('../dist/main.js').then(({ main }) => main(process.argv.slice(2)))
}
