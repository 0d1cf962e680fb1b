// What `npm start` and `npm test` run first. It must work on any Node that npm works on, and before anything is
// installed: plain JavaScript, nothing imported but Node itself. It installs the locked dependencies once (among them
// the Node that Plumbline is developed on), builds what has changed, and hands over.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.plumbline-installed')

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (done.error) throw done.error
  return done.status ?? 1
}

function install() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockDigest()) return
  process.stdout.write('Installing the locked dependencies (once) …\n')
  const began = Date.now()
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const status = npm ? run(process.execPath, [npm, ...args]) : run('npm', args, { shell: process.platform === 'win32' })
  if (status !== 0) process.exit(4)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, lockDigest())
  process.stdout.write(`Installed in ${((Date.now() - began) / 1000).toFixed(0)} s.\n`)
}

/** The Node that the lockfile pins; npm puts it where it puts every binary. */
function pinnedNode() {
  const found = [
    join(root, 'node_modules', 'node', 'bin', 'node'),
    join(root, 'node_modules', 'node', 'bin', 'node.exe'),
  ].find(existsSync)
  return found ?? process.execPath
}

const [task = 'start', ...rest] = process.argv.slice(2)
install()
const node = pinnedNode()
// Windows calls it `Path`; a second spelling beside it would be a second variable.
const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
const env = { ...process.env, [pathName]: [dirname(node), process.env[pathName] ?? ''].join(delimiter) }
const built = run(node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], { env })
if (built !== 0) process.exit(built)
const joined = run(node, [join(root, 'tools', 'bundle.ts')], { env })
if (joined !== 0) process.exit(joined)
const script = { start: 'start.ts', test: 'test.ts', generate: 'generate.ts' }[task]
if (script === undefined) {
  process.stderr.write(`Unknown task ${task}.\n`)
  process.exit(2)
}
process.exitCode = run(node, [join(root, 'tools', script), ...rest], { env })
