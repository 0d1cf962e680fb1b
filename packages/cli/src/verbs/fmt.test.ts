import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PLUMB = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))
const MESSY = 'plumbline:   1   # version\nextends: base\nsystem: {name: demo}\n'
const TIDY = 'plumbline: 1 # version\nextends: base\nsystem: { name: demo }\n'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-fmt-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function project(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name)
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  return folder
}

/** Runs the built command in a folder. */
function fmt(cwd: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(process.execPath, [PLUMB, 'fmt', ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } })
  let out = ''
  child.stdout.on('data', (data: Buffer) => void (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => void (out += data.toString()))
  return new Promise((done) => child.on('close', (code) => done({ code, out })))
}

test('lays out a spec and what it extends, once', async () => {
  const folder = await project('whole', { 'plumb.yaml': MESSY, 'base.plumb.yaml': 'slices: {a:  x > 1}\n' })
  expect(await fmt(folder, '--check')).toEqual({
    code: 1,
    out: 'plumb.yaml is not laid out\nbase.plumb.yaml is not laid out\n',
  })
  expect(await readFile(join(folder, 'plumb.yaml'), 'utf8')).toBe(MESSY)
  expect(await fmt(folder)).toEqual({ code: 0, out: 'plumb.yaml laid out\nbase.plumb.yaml laid out\n' })
  expect(await readFile(join(folder, 'plumb.yaml'), 'utf8')).toBe(TIDY)
  expect(await readFile(join(folder, 'base.plumb.yaml'), 'utf8')).toBe('slices: { a: x > 1 }\n')
  const before = await stat(join(folder, 'plumb.yaml'))
  expect(await fmt(folder, '--check', '--json')).toMatchObject({ code: 0 })
  expect(await fmt(folder)).toEqual({ code: 0, out: '2 files unchanged\n' })
  expect((await stat(join(folder, 'plumb.yaml'))).mtimeMs).toBe(before.mtimeMs)
  expect((await readdir(folder)).toSorted()).toEqual(['base.plumb.yaml', 'plumb.yaml'])
})

test('writes nothing where one file is broken, and shows it', async () => {
  const folder = await project('broken', { 'plumb.yaml': MESSY, 'base.plumb.yaml': 'slices: {a: x > 1\n' })
  const { code, out } = await fmt(folder)
  expect(code).toBe(2)
  expect(out).toContain('language/broken-yaml')
  expect(out).toContain('base.plumb.yaml:1:9')
  expect(await readFile(join(folder, 'plumb.yaml'), 'utf8')).toBe(MESSY)
  expect(await readFile(join(folder, 'base.plumb.yaml'), 'utf8')).toBe('slices: {a: x > 1\n')
})

test('lays out the files named, through links, and says which one is not there', async () => {
  const folder = await project('named', { 'one.yaml': MESSY, 'two.yaml': MESSY })
  await symlink(join(folder, 'one.yaml'), join(folder, 'link.yaml'))
  expect((await fmt(folder, 'link.yaml')).code).toBe(0)
  expect(await readFile(join(folder, 'one.yaml'), 'utf8')).toBe(TIDY)
  expect(
    (await readdir(folder, { withFileTypes: true })).find(({ name }) => name === 'link.yaml')?.isSymbolicLink(),
  ).toBe(true)
  const missing = await fmt(folder, 'two.yaml', 'three.yaml')
  expect(missing.code).toBe(4)
  expect(missing.out).toContain('three.yaml')
  expect(missing.out).toContain('Check its name')
  expect((await fmt(folder, '--check', join(folder, 'one.yaml'))).code).toBe(0)
  expect(await readFile(join(folder, 'two.yaml'), 'utf8')).toBe(MESSY)
})

test.skipIf(process.getuid?.() === 0)('leaves a file as it was where the folder cannot be written', async () => {
  const folder = await project('locked', { 'plumb.yaml': MESSY.replace('extends: base\n', '') })
  await chmod(folder, 0o555)
  const { code, out } = await fmt(folder)
  await chmod(folder, 0o755)
  expect(code).toBe(4)
  expect(out).toContain('cli/not-written')
  expect(await readFile(join(folder, 'plumb.yaml'), 'utf8')).toContain('plumbline:   1')
})
