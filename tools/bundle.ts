/**
 * Joins the built modules of the command into a few files, so that it starts without opening some three hundred of them.
 * Only Plumbline's own code is joined; libraries stay packages. `bin/plumb.js` takes the result when it is newer than
 * every build.
 */
import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

const root = dirname(import.meta.dirname)
const packages = ['core', 'guard', 'store', 'engine', 'report', 'runner', 'server', 'cli']
const target = join(root, 'packages', 'cli', 'dist', 'bundle')

function isFresh(): boolean {
  const made = join(target, 'main.js')
  if (!existsSync(made)) return false
  const at = statSync(made).mtimeMs
  return packages.every((name) => statSync(join(root, 'packages', name, 'dist', '.tsbuildinfo')).mtimeMs < at)
}

/** Bundles what was built, unless nothing has changed since. */
export async function bundle(): Promise<void> {
  if (isFresh()) return
  rmSync(target, { recursive: true, force: true })
  const built = await rolldown({
    input: join(root, 'packages', 'cli', 'dist', 'main.js'),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('@plumbline/') && !id.startsWith(root),
    logLevel: 'warn',
    treeshake: { moduleSideEffects: false },
  })
  await built.write({
    dir: target,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // One part for what every verb needs; the rest follows the lazy imports of the verbs.
    codeSplitting: { groups: [{ name: 'core', test: /packages[\\/]core[\\/]dist[\\/]/ }] },
  })
  await built.close()
}

if (import.meta.main) await bundle()
