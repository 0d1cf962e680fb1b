/**
 * Joins the built modules of the command, and the small libraries they need at every start, into a few files, so that it
 * starts without opening some four hundred of them. Libraries with native parts, and those few verbs need, stay packages.
 * The licences of what was joined lie beside the result. `bin/plumb.js` takes it when it is newer than every build.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'

const root = dirname(import.meta.dirname)
const packages = ['core', 'guard', 'gherkin', 'importers', 'store', 'engine', 'report', 'runner', 'server', 'cli']
const target = join(root, 'packages', 'cli', 'dist', 'bundle')

function isFresh(): boolean {
  const made = join(target, 'main.js')
  if (!existsSync(made)) return false
  const at = statSync(made).mtimeMs
  const builds = packages.map((name) => join(root, 'packages', name, 'dist', '.tsbuildinfo'))
  return [...builds, import.meta.filename].every((file) => statSync(file).mtimeMs < at)
}

/** One character beyond Latin-1 would make V8 keep the whole text at two bytes a character. Such characters stand in literals only. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, parts) {
    for (const part of Object.values(parts)) if (part.type === 'chunk') part.code = escaped(part.code)
  },
}

/** As a module, `node:process` opens all three standard streams; the global opens those that are used. */
const globalProcess: Plugin = {
  name: 'global-process',
  resolveId: (id) => (/^(node:)?process$/.test(id) ? '\0process' : undefined),
  load: (id) => (id === '\0process' ? 'module.exports = globalThis.process' : undefined),
}

/**
 * As ES modules, the parts of Node read all they have when they are imported, `node:http` a whole HTTP client with it, `node:util` the
 * parser of arguments: some 40 ms of a start. As objects they give what is asked of them.
 */
const builtinsAsObjects: Plugin = {
  name: 'builtins-as-objects',
  generateBundle(_options, parts) {
    for (const part of Object.values(parts))
      if (part.type === 'chunk') part.code = withObjects(part.code, part.fileName)
  },
}

const BUILTIN_IMPORT = /(?<=^|;)import ?(?:([\w$]+),?)? ?(?:\* ?as ([\w$]+)|\{([^}]*)\})? ?from ?"(node:[\w/]+)";/gm

function withObjects(code: string, file: string): string {
  const changed = code.replace(BUILTIN_IMPORT, (_, whole, namespace, names, name) => {
    // A part may have a variable called `process` of its own, which has no value yet here.
    const from = `globalThis.process.getBuiltinModule("${name}")`
    const parts = [whole, namespace].filter((each) => each !== undefined).map((each) => `${each}=${from}`)
    if (names !== undefined) parts.push(`{${names.replaceAll(' as ', ':')}}=${from}`)
    return `var ${parts.join(',')};`
  })
  const left = /\bfrom ?"node:[^"]*"/.exec(changed)
  if (left !== null) throw new Error(`${file} imports a part of Node in a way that is not known: ${left[0]}`)
  return changed
}

const escaped = (code: string): string =>
  // oxlint-disable-next-line no-control-regex -- all of ASCII stays.
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Bundles what was built, unless nothing has changed since. */
export async function bundle(): Promise<void> {
  if (isFresh()) return
  rmSync(target, { recursive: true, force: true })
  const built = await rolldown({
    input: join(root, 'packages', 'cli', 'dist', 'main.js'),
    platform: 'node',
    external: (id) =>
      /^(node:|@duckdb\/node-bindings|onnxruntime|onnx-buf|@bufbuild\/|@connectrpc\/|fast-xml-parser|papaparse|pg$|mdast-util-|micromark-)/.test(
        id,
      ),
    logLevel: 'warn',
    plugins: [globalProcess],
    treeshake: { moduleSideEffects: false },
  })
  const { output } = await built.write({
    dir: target,
    format: 'esm',
    // Names stay, so that a trace can be read; white space and comments go, since every start reads and hashes the text.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    plugins: [asciiOnly, builtinsAsObjects],
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // One part for what every verb needs; the rest, `plumb fuzz` and `plumb diff` with their parts of core among it, follows the lazy imports of the verbs.
    codeSplitting: {
      groups: [
        {
          name: 'core',
          // What core itself loads when it is needed (readers of files with libraries of their own) stays apart, too.
          test: /packages[\\/]core[\\/]dist[\\/](?!(?:(?:cases|change|covering|deep|heal|fuzz|power|targets[\\/]smt)[\\/]|requirements[\\/](?:csv|markdown|reqif|yaml)|adequacy[\\/]foreign[\\/](?:junit|json)|language[\\/]yaml[\\/]print))/,
        },
      ],
    },
  })
  await built.close()
  const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
  writeFileSync(join(target, 'THIRD-PARTY.txt'), noticesOf(modules))
}

/** The licence texts of the libraries that some modules come from: each of them asks to be passed on. */
function noticesOf(modules: readonly string[]): string {
  const names = new Set(modules.flatMap((id) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1] ?? []))
  const texts = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name)
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
    if (file === undefined) throw new Error(`${name} has no licence file, so it cannot be joined.`)
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string }
    return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

if (import.meta.main) await bundle()
