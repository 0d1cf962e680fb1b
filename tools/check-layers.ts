/**
 * The layers are a test: imports go down only, no rings, no file above the limit, nothing imported that the package does
 * not declare, nothing shipped that needs a test helper.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** What each package may import of the others; the order is the layering. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  guard: [],
  store: ['core'],
  engine: ['core'],
  report: ['core'],
  runner: ['core', 'store'],
  solver: ['core'],
  server: ['core', 'engine', 'guard'],
  gherkin: ['core'],
  importers: ['core'],
  cli: ['core', 'guard', 'gherkin', 'importers', 'store', 'engine', 'report', 'runner', 'solver', 'server'],
}
/** Inside core, the folders from the bottom up; a folder may import those before it. Files of one step may import each other's folder only downwards. */
const CORE_ORDER = [
  'source',
  'diagnostics',
  'stats',
  'covering',
  'evidence',
  'requirements',
  'host',
  'expr',
  'language',
  'targets',
  'check',
  'clause',
  'deep',
  'fuzz',
  'time',
  'gate',
  'change',
  'power',
  'mutation',
  'adequacy',
  'cases',
  'compile',
  'heal',
  'index',
]
/** Shapes that lower folders name: plain types, no code. */
const SHAPES = new Set([
  'clause/clause.ts',
  'clause/program.ts',
  'evidence/evidence.ts',
  'expr/environment.ts',
  'host.ts',
  'requirements/requirement-file.ts',
])
/** Packages that run where there is no Node. */
const WITHOUT_NODE = new Set(['core', 'guard'])
const LARGEST = 600

/** One broken rule. */
export interface Breach {
  readonly file: string
  readonly rule:
    | 'upward-import'
    | 'ring'
    | 'too-long'
    | 'node-import'
    | 'unresolved'
    | 'undeclared-dependency'
    | 'test-helper'
  readonly detail: string
}

/** All hand-written TypeScript of the packages, relative to the root. */
export function sourceFiles(root: string): readonly string[] {
  return readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts') && !e.name.endsWith('.d.ts'))
    .map((e) => relative(root, join(e.parentPath, e.name)).split(sep).join('/'))
    .filter((f) => f.includes('/src/') && !f.includes('/node_modules/'))
    .toSorted()
}

/** The specifiers a file imports or re-exports; `types` when the statement brings types only. */
export function importsOf(text: string): readonly { readonly from: string; readonly types: boolean }[] {
  const statements = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
  const found = [...text.matchAll(statements)].map((m) => ({ from: m[2] ?? '', types: m[1] !== undefined }))
  const lazy = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((m) => ({
    from: m[1] ?? '',
    types: false,
  }))
  return [...found, ...lazy]
}

/** Every breach of the tree. */
export function checkLayers(root: string): { readonly files: number; readonly breaches: readonly Breach[] } {
  const files = sourceFiles(root)
  const breaches: Breach[] = []
  const graph = new Map<string, readonly string[]>()
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    const lines = text.split('\n').length
    if (lines > LARGEST && !file.includes('.generated.'))
      breaches.push({ file, rule: 'too-long', detail: `${lines} lines, at most ${LARGEST}` })
    const test = file.endsWith('.test.ts') || file.endsWith('.bench.ts') || file.includes('/testing/')
    const targets: string[] = []
    for (const { from, types } of importsOf(text)) {
      if (test) continue
      const breach = from.startsWith('.') ? internal(root, file, from, types, targets) : external(root, file, from)
      if (breach !== undefined) breaches.push(breach)
    }
    graph.set(file, targets)
  }
  for (const ring of rings(graph)) breaches.push({ file: ring[0] ?? '', rule: 'ring', detail: ring.join(' → ') })
  return { files: files.length, breaches }
}

function external(root: string, file: string, from: string): Breach | undefined {
  const own = file.split('/')[1] ?? ''
  if (from.startsWith('node:')) return WITHOUT_NODE.has(own) ? { file, rule: 'node-import', detail: from } : undefined
  const name = from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
  if (!declaredDependencies(root, own).has(name)) return { file, rule: 'undeclared-dependency', detail: name }
  const other = /^@plumbline\/(\w+)/.exec(from)?.[1]
  if (other === undefined || MAY_IMPORT[own]?.includes(other) === true) return undefined
  return { file, rule: 'upward-import', detail: `${own} may not import ${from}` }
}

/** What a package says it needs, optional peers included; the workspace would find more than a user's install does. */
function declaredDependencies(root: string, name: string): ReadonlySet<string> {
  const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(text) as {
    readonly dependencies?: Readonly<Record<string, string>>
    readonly peerDependencies?: Readonly<Record<string, string>>
  }
  return new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)])
}

function internal(root: string, file: string, from: string, types: boolean, targets: string[]): Breach | undefined {
  const target = relative(root, resolve(root, dirname(file), from))
    .split(sep)
    .join('/')
  if (!existsSync(join(root, target)))
    return from.endsWith('.json') ? undefined : { file, rule: 'unresolved', detail: from }
  const own = file.split('/')[1]
  if (target.split('/')[1] !== own)
    return { file, rule: 'upward-import', detail: `${from} reaches into another package` }
  if (target.includes('/testing/')) return { file, rule: 'test-helper', detail: from }
  if (!types) targets.push(target)
  if (own !== 'core') return undefined
  const at = (path: string): string => path.replace('packages/core/src/', '')
  if (types && SHAPES.has(at(target))) return undefined
  const step = (path: string): number => CORE_ORDER.indexOf((at(path).split('/')[0] ?? '').replace('.ts', ''))
  if (step(target) <= step(file)) return undefined
  return { file, rule: 'upward-import', detail: `${at(file)} → ${at(target)}` }
}

/** Import rings, each once (Tarjan's strongly connected components, 1972). */
export function rings(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (node: string): void => {
    index.set(node, index.size)
    low.set(node, index.get(node) ?? 0)
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0))
    }
    if (low.get(node) !== index.get(node)) return
    const component = stack.splice(stack.indexOf(node))
    if (component.length > 1 || (graph.get(node) ?? []).includes(node)) found.push(component)
  }
  for (const node of graph.keys()) if (!index.has(node)) visit(node)
  return found
}

if (import.meta.main) {
  const { files, breaches } = checkLayers(process.cwd())
  for (const b of breaches) process.stdout.write(`${b.file}: ${b.rule}: ${b.detail}\n`)
  process.stdout.write(`${files} files, ${breaches.length} breaches\n`)
  process.exitCode = breaches.length === 0 && files > 50 ? 0 : 1
}
