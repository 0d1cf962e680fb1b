import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** The guard as one expression, `plumblineGuard = (function(exports) { … })({})`, for modules that stand alone. */
export async function guardRuntime(root: string): Promise<string> {
  const built = await rolldown({
    input: join(root, 'packages', 'guard', 'src', 'index.ts'),
    platform: 'neutral',
    // A runtime that needs a file beside it could not stand alone.
    external: () => false,
    tsconfig: false,
  })
  const { output } = await built.generate({ format: 'iife', name: 'plumblineGuard', minify: true, comments: false })
  await built.close()
  const [chunk] = output
  return `// biome-ignore-all format: generated
// Written by \`npm run generate\` from packages/guard: change that, not this file.

/** The guard's own code, minified: a script that declares \`plumblineGuard\`. */
export const GUARD_RUNTIME: string =
  ${JSON.stringify(chunk.code.trim())}
`
}
