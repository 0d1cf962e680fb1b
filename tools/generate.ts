/**
 * `npm run generate`: everything in the repository that a tool writes. The same sources give the same bytes, so CI runs
 * it and demands no difference. The command must be built, because its help is asked for.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cliPage } from './generate/cli-page.ts'
import { diagnosticExamples, diagnosticPages } from './generate/diagnostic-pages.ts'
import { diagnosticsPage } from './generate/diagnostics-page.ts'
import { eventsPage } from './generate/events-page.ts'
import { functionsPage } from './generate/functions-page.ts'
import { guardRuntime } from './generate/guard-runtime.ts'
import { peersPage } from './generate/peers-page.ts'
import { publishedSchemas } from './generate/schemas.ts'
import { stepsPage } from './generate/steps-page.ts'
import { supportPage } from './generate/support-page.ts'

/** Generated files: path from the root → content. */
export async function generated(root: string): Promise<ReadonlyMap<string, string>> {
  const schemas = Object.entries(publishedSchemas()).map(
    ([name, schema]) => [`schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`] as const,
  )
  return new Map([
    ...schemas,
    ['docs/reference/functions.md', functionsPage()],
    ['docs/gherkin-steps.md', stepsPage()],
    ['docs/reference/diagnostics.md', diagnosticsPage(root)],
    ...diagnosticPages(root),
    ['packages/cli/src/explanations/examples.generated.ts', diagnosticExamples(root)],
    ['docs/reference/events.md', eventsPage()],
    ['docs/reference/support-matrix.md', supportPage()],
    ['docs/reference/peers.md', peersPage(root)],
    ['docs/reference/cli.md', cliPage(root)],
    ['packages/cli/src/guard-file/runtime.generated.ts', await guardRuntime(root)],
  ])
}

/** Files where only generated ones may be, so that a renamed schema leaves no stale one behind. */
function strays(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  return ['schemas', 'docs/reference', 'docs/diagnostics']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => !path.endsWith('README.md') && !files.has(path))
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const root = dirname(import.meta.dirname)
  const files = await generated(root)
  let changed = 0
  for (const [path, content] of files) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    if (current(file) === content) continue
    writeFileSync(file, content)
    process.stdout.write(`${path}\n`)
    changed++
  }
  for (const path of strays(root, files)) {
    rmSync(join(root, path))
    process.stdout.write(`${path} removed\n`)
    changed++
  }
  process.stdout.write(`${files.size} generated files, ${changed} changed\n`)
}
