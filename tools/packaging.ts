/**
 * The packages as a stranger gets them: packed, installed into an empty folder outside the workspace, used on a CSV.
 * Without onnxruntime, which is optional; and started on the machine's own Node where that is too old.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildOnnx } from '../packages/engine/src/proofs/testing/build-onnx.ts'

const root = dirname(import.meta.dirname)
const PACKAGES = [
  'core',
  'guard',
  'gherkin',
  'importers',
  'store',
  'engine',
  'runner',
  'solver',
  'report',
  'server',
  'cli',
]
const OLDEST = [22, 18] as const

interface Done {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function run(folder: string, command: string, ...args: readonly string[]): Done {
  const done = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  if (done.error !== undefined) throw done.error
  return { code: done.status, out: done.stdout, err: done.stderr }
}

/** Ends the run, with what was printed, when something does not hold. */
function demand(holds: boolean, what: string, done?: Done): void {
  if (holds) return void process.stdout.write(`  ✓ ${what}\n`)
  const seen = done === undefined ? '' : `\nexit code ${done.code}\n${done.out}\n${done.err}`
  throw new Error(`Packaging: this does not hold: ${what}${seen}`)
}

/** Packs every package and looks at what is in it; gives the tarballs. */
function pack(folder: string): readonly string[] {
  const of = PACKAGES.flatMap((name) => ['-w', `packages/${name}`])
  const done = run(root, 'npm', 'pack', '--json', ...of, '--pack-destination', folder)
  demand(done.code === 0, 'npm pack', done)
  const all = Object.values(JSON.parse(done.out) as Readonly<Record<string, Packed>>)
  return PACKAGES.map((name) => {
    const packed = all.find((each) => each.name === `@plumbline/${name}`)
    if (packed === undefined) throw new Error(`npm pack said nothing of ${name}`)
    const paths = packed.files.map((f) => f.path)
    for (const file of ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'])
      demand(paths.includes(file), `${name}: ${file} is in it`)
    if (name === 'cli') demand(paths.includes('dist/bundle/main.js'), 'cli: the joined modules are in it')
    const strange = paths.filter(
      (p) =>
        !/^(dist\/.*\.(js|d\.ts)|dist\/bundle\/THIRD-PARTY\.txt|bin\/plumb\.js|package\.json|README\.md|LICENSE)$/.test(
          p,
        ) && !(name === 'cli' && TEMPLATE.test(p)),
    )
    const tests = paths.filter((p) => /\.test\.|\.bench\.|\/testing\//.test(p))
    demand(
      strange.length + tests.length === 0,
      `${name}: nothing else is (${[...strange, ...tests].join(', ') || 'clean'})`,
    )
    const stale = paths.filter((p) => p.endsWith('.js') && !hasSource(name, p))
    demand(stale.length === 0, `${name}: every file has its source (${stale.join(', ') || 'clean'})`)
    return join(folder, packed.filename)
  })
}

/** A file whose source is gone was built long ago: remove `dist` and build again. */
function hasSource(name: string, path: string): boolean {
  const source = path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')
  // The joined modules are made of sources that are checked one by one.
  return path.startsWith('bin/') || path.startsWith('dist/bundle/') || existsSync(join(root, 'packages', name, source))
}

interface Packed {
  readonly name: string
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** 300 people, an even number of whom left; written here so that every value is known. */
function people(): string {
  const row = (i: number): string =>
    `${i},${18 + ((i * 37) % 60)},${(1000 + ((i * 7919) % 4000)).toFixed(2)},${['Bonn', 'Graz', 'Lyon'][i % 3]},${i % 2}`
  return `id,age,income,city,left\n${Array.from({ length: 300 }, (_, i) => row(i + 1)).join('\n')}\n`
}

function useOnCsv(project: string): void {
  writeFileSync(join(project, 'data.csv'), people())
  const plumb = (...args: readonly string[]): Done => run(project, 'npx', '--no-install', 'plumb', ...args)
  const init = plumb('init', 'data.csv')
  demand(init.code === 0 && readdirSync(project).some((f) => f.endsWith('plumb.yaml')), 'plumb init data.csv: 0', init)
  const checked = plumb('check')
  demand(checked.code === 0, 'plumb check: 0', checked)
  const tested = plumb('test')
  demand(tested.code === 0, 'plumb test: 0', tested)
  const verified = plumb('verify')
  demand(verified.code === 0, 'plumb verify: 0', verified)
  const wrong = plumb('check', '--spec', 'absent.yaml')
  demand(wrong.code === 2 && wrong.err.includes('cli/no-spec'), 'a spec that is not there: 2', wrong)
}

/** A pack of `plumb init --template`: a spec, its rows, its model, and what its clauses notice. */
const TEMPLATE =
  /^templates\/(README\.md|[a-z-]+\.plumb\.yaml|[a-z-]+\/(plumb\.yaml|faults\.md|data\/\w+\.(csv|parquet)|models\/\w+\.(onnx|mjs)))$/

const ADULTS = `plumbline: 1
system: { name: adults, version: 0.1.0 }
data:
  people:
    source: data.csv
    columns:
      id: { type: integer, role: key }
      age: { type: integer }
      income: { type: number, range: [0, 10_000] }
      city: { type: text }
      left: { type: boolean, role: label }
`

/** The packs of `plumb init --template` are part of the package, rows and models included. */
function templates(project: string): void {
  const folder = join(project, 'from-template')
  mkdirSync(folder)
  const plumb = (...args: readonly string[]): Done =>
    run(project, 'npx', '--no-install', 'plumb', '-C', 'from-template', ...args)
  const begun = plumb('init', '--template', 'fraud-detection')
  demand(begun.code === 0, 'plumb init --template fraud-detection: 0', begun)
  const checked = plumb('check')
  demand(checked.code === 0, 'plumb check of what it wrote: 0', checked)
  const tested = plumb('test', '--stage', 'data')
  demand(tested.code === 0, 'plumb test of its data: 0', tested)
}

function violation(project: string): void {
  const every = (bound: number): string =>
    `clauses:\n  adults: { says: All are adults., of: people, every: age >= ${bound} }\n`
  writeFileSync(join(project, 'adults.plumb.yaml'), ADULTS + every(21))
  const args = ['--no-install', 'plumb', 'test', '--spec', 'adults.plumb.yaml', '--json']
  const tested = run(project, 'npx', ...args)
  demand(tested.code === 1 && tested.out.includes('"violated"'), 'a violated clause: 1', tested)
}

function modelWithoutRuntime(project: string): void {
  demand(!existsSync(join(project, 'node_modules', 'onnxruntime-node')), 'onnxruntime-node was not installed')
  const [inputs, outputs] = (['income', 'risk'] as const).map((name) => [
    { name, type: 'float' as const, shape: [null, 1] },
  ])
  const nodes = [{ op: 'Sigmoid', inputs: ['income'], outputs: ['risk'] }]
  writeFileSync(join(project, 'model.onnx'), buildOnnx({ inputs: inputs ?? [], outputs: outputs ?? [], nodes }))
  const model = `models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: people, columns: [income] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: left
    decision: risk >= 0.5
clauses:
  ranks: { says: It ranks., of: champion.people, must: roc_auc() >= 0.5 }
`
  writeFileSync(join(project, 'model.plumb.yaml'), ADULTS + model)
  const args = ['--no-install', 'plumb', 'test', '--spec', 'model.plumb.yaml', '--stage', 'model', '--json']
  const tested = run(project, 'npx', ...args)
  demand(tested.code === 3, 'a model clause without onnxruntime: 3, undecided', tested)
  demand(tested.out.includes('"runner-missing"'), 'its reason is runner-missing', tested)
  demand(/onnxruntime-node/.test(tested.out), 'it says what to install', tested)
  demand(!/\n\s+at \S+ \(/.test(tested.out + tested.err), 'and shows no stack trace', tested)
}

function checkWithoutSolver(project: string): void {
  demand(!existsSync(join(project, 'node_modules', 'z3-solver')), 'z3-solver was not installed')
  // Whether the ranges say it already is a question for z3; what needs none is found without it, too.
  const products = `plumbline: 1
system: { name: products, version: 0.1.0 }
data:
  people:
    source: data.csv
    columns: { age: { type: integer, range: [17, 90] }, income: { type: integer, range: [0, 100] } }
clauses:
  more: { of: people, every: age * income + age > income * 2 }
  less: { of: people, every: age * age < income * 3 || income > age }
`
  writeFileSync(join(project, 'products.plumb.yaml'), products)
  const asked = run(project, 'npx', '--no-install', 'plumb', 'check', '--spec', 'products.plumb.yaml', '--solver')
  demand(asked.code === 4, 'check --solver without z3: 4, the surroundings', asked)
  demand(/npm install z3-solver/.test(asked.out + asked.err), 'it says what to install', asked)
  demand(!/\n\s+at \S+ \(/.test(asked.out + asked.err), 'and shows no stack trace', asked)
}

/** The declarations can be used by somebody else's compiler: right use passes, wrong use fails. */
function types(project: string): void {
  const compile = (name: string, text: string): Done => {
    writeFileSync(join(project, name), text)
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--types',
      'node',
    ]
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const roots = ['--typeRoots', join(root, 'node_modules', '@types')]
    return run(project, process.execPath, tsc, ...options, ...roots, name)
  }
  const use = (verdict: string): string =>
    `import { compile, type Verdict } from '@plumbline/core'\nexport const v: Verdict = '${verdict}'\nexport const n: number = compile({ main: { path: 'p', text: '' }, others: [] }).diagnostics.length\n`
  const right = compile('right.mts', use('violated'))
  demand(right.code === 0, 'the declarations serve another compiler', right)
  const wrong = compile('wrong.mts', use('perhaps'))
  demand(wrong.code !== 0 && wrong.out.includes('perhaps'), 'and are not any', wrong)
}

/** The Python package with the packed command, where the environment of its tests is there (`tests/python-client/setup.sh`). */
function pythonPackage(folder: string, tarballs: readonly string[]): void {
  const environment = join(root, '.work', 'client-python')
  if (!existsSync(join(environment, 'installed.txt'))) {
    process.stdout.write('  – skipped: no Python (tests/python-client/setup.sh)\n')
    return
  }
  const python = (...args: readonly string[]): Done => run(folder, join(environment, 'bin', 'python'), ...args)
  cpSync(join(root, 'python'), join(folder, 'python'), { recursive: true })
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-build-isolation', '--force-reinstall']
  const made = python(...pip, './python')
  demand(made.code === 0, 'pip install ./python', made)
  try {
    const installed = python('-m', 'plumbline', 'install', ...tarballs)
    demand(installed.code === 0, 'python -m plumbline install, with the Node and npm that pip brought', installed)
    const version = python('-m', 'plumbline', '--version')
    demand(version.code === 0, `python -m plumbline --version: ${version.out.trim()}`, version)
    const tests = join(root, 'tests', 'python-client')
    const only = ['-k', 'data_frame or guarded or pytest_items']
    const ran = python('-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...only, tests)
    demand(ran.code === 0, `pytest with it: ${ran.out.trim().split('\n').at(-1)}`, ran)
  } finally {
    rmSync(join(environment, 'share', 'plumbline'), { recursive: true, force: true })
  }
}

function olderNode(project: string): void {
  const old = process.env['PLUMBLINE_MACHINE_NODE']
  const version = old === undefined ? '' : run(project, old, '--version').out.trim()
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  if (old === undefined || major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
    process.stdout.write(
      `  – skipped: no older Node on this machine (${version || 'PLUMBLINE_MACHINE_NODE is not set'})\n`,
    )
    return
  }
  const bin = join(project, 'node_modules', '@plumbline', 'cli', 'bin', 'plumb.js')
  const done = run(project, old, bin, 'check')
  const sentence = done.err.trim()
  demand(done.code === 2 && done.out === '', `on Node ${version}: 2`, done)
  demand(/22\.18/.test(sentence) && !sentence.includes('\n'), `one sentence: ${sentence}`, done)
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-packaging-'))
  try {
    const project = join(folder, 'project')
    mkdirSync(project)
    const tarballs = pack(folder)
    writeFileSync(
      join(project, 'package.json'),
      '{ "name": "stranger", "version": "1.0.0", "private": true, "type": "module" }\n',
    )
    const installed = run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs)
    demand(installed.code === 0, 'npm install of the tarballs in an empty folder', installed)
    const lock = readFileSync(join(project, 'package-lock.json'), 'utf8')
    demand(!lock.includes('"link": true'), 'nothing is linked to the workspace')
    useOnCsv(project)
    templates(project)
    violation(project)
    modelWithoutRuntime(project)
    checkWithoutSolver(project)
    types(project)
    pythonPackage(folder, tarballs)
    olderNode(project)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main()
