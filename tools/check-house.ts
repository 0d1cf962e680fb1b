/** The rules of the house that a machine can see, beside the layers: READMEs, doc comments, no silenced types, nothing of one machine. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sourceFiles } from './check-layers.ts'

/** One broken rule. */
export interface HouseBreach {
  readonly file: string
  readonly rule:
    | 'no-readme'
    | 'silenced-types'
    | 'to-do'
    | 'machine-path'
    | 'registry-host'
    | 'large-file'
    | 'undocumented'
  readonly detail: string
}

const TEXT_PATTERNS: readonly {
  readonly rule: HouseBreach['rule']
  readonly pattern: RegExp
  readonly only?: RegExp
}[] = [
  { rule: 'machine-path', pattern: /(?<![\w.$}/-])\/(?:work|root|home\/\w+)\/\S*/ },
  { rule: 'registry-host', pattern: /https?:\/\/(?:registry|npm|artifactory|proxy)\.[\w.-]+/ },
  { rule: 'silenced-types', pattern: /\bas any\b|@ts-(?:ignore|expect-error|nocheck)\b/, only: /\.(?:ts|js|mjs)$/ },
  { rule: 'to-do', pattern: /(?:\/\/|^\s*\*|\/\*)\s*(?:TODO|FIXME|XXX)\b/m, only: /\.(?:ts|js|mjs)$/ },
]
/** These files state the rules above, so they hold what the rules forbid. */
const STATES_THE_RULES = new Set(['tools/check-house.ts', 'tools/check-house.test.ts'])
const LARGEST_BYTES = 3_000_000
/** Share of exported names that must have a doc comment. */
const DOCUMENTED = 0.9

/** Files of the commit to be: tracked, or new and not ignored. */
export function repositoryFiles(root: string): readonly string[] {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr}`)
  return listed.stdout.split('\0').filter((f) => f !== '' && existsSync(join(root, f)))
}

/** What is wrong with one text file. */
export function textBreaches(file: string, text: string): readonly HouseBreach[] {
  if (STATES_THE_RULES.has(file)) return []
  return TEXT_PATTERNS.flatMap(({ rule, pattern, only }) => {
    const match = only === undefined || only.test(file) ? pattern.exec(text) : null
    return match === null ? [] : [{ file, rule, detail: match[0].trim().slice(0, 80) }]
  })
}

/** Exported names of a file, each with whether a doc comment stands right above it. */
export function exportedNames(text: string): readonly { readonly name: string; readonly documented: boolean }[] {
  const lines = text.split('\n')
  const declared = /^export (?:async )?(?:function\*?|interface|type|const|class) (\w+)/
  return lines.flatMap((line, i) => {
    const name = declared.exec(line)?.[1]
    // Overloads: the comment stands above the first of them.
    const first = lines.findIndex((other) => declared.exec(other)?.[1] === name)
    return name === undefined || first < i ? [] : [{ name, documented: lines[i - 1]?.trim().endsWith('*/') === true }]
  })
}

/** Every breach of the tree. */
export function checkHouse(root: string): { readonly documented: number; readonly breaches: readonly HouseBreach[] } {
  const breaches: HouseBreach[] = []
  const files = repositoryFiles(root)
  for (const file of files) {
    const bytes = readFileSync(join(root, file))
    if (bytes.length > LARGEST_BYTES) breaches.push({ file, rule: 'large-file', detail: `${bytes.length} bytes` })
    if (!bytes.subarray(0, 8000).includes(0)) breaches.push(...textBreaches(file, bytes.toString('utf8')))
  }
  const folders = new Set(files.filter((f) => f.endsWith('.ts')).map(dirname))
  for (const folder of [...folders].toSorted())
    if (folder !== '.' && !existsSync(join(root, folder, 'README.md')) && !folder.startsWith('examples/'))
      breaches.push({ file: folder, rule: 'no-readme', detail: 'no README.md says what lives here' })
  const names = sourceFiles(root)
    .filter((f) => !/\.test\.|\.bench\.|\/testing\//.test(f))
    .flatMap((file) => exportedNames(readFileSync(join(root, file), 'utf8')).map((n) => ({ file, ...n })))
  const documented = names.length === 0 ? 0 : names.filter((n) => n.documented).length / names.length
  if (documented < DOCUMENTED)
    for (const { file, name } of names.filter((n) => !n.documented))
      breaches.push({ file, rule: 'undocumented', detail: name })
  return { documented, breaches }
}

if (import.meta.main) {
  const { documented, breaches } = checkHouse(process.cwd())
  for (const b of breaches) process.stdout.write(`${b.file}: ${b.rule}: ${b.detail}\n`)
  process.stdout.write(`${(documented * 100).toFixed(0)} % of exported names documented, ${breaches.length} breaches\n`)
  process.exitCode = breaches.length === 0 ? 0 : 1
}
