import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LockEntry, missingPlatforms, platformOf } from '../tools/complete-lockfile.ts'
import { plumb, ROOT } from './support/plumb.ts'

// What is fast of packaging; installing the tarballs elsewhere is `tools/packaging.ts`, which CI runs.

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly private?: boolean
  readonly sideEffects?: boolean | readonly string[]
  readonly engines?: { readonly node?: string }
  readonly files?: readonly string[]
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly scripts?: Readonly<Record<string, string>>
}

const read = (path: string): Manifest => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest
const workspace = read('package.json')
const names = readdirSync(join(ROOT, 'packages')).filter((p) => existsSync(join(ROOT, 'packages', p, 'package.json')))
const manifests = names.map((name) => ({ name, manifest: read(`packages/${name}/package.json`) }))

test('all packages share one version, and depend on exactly it', () => {
  expect(names.length).toBeGreaterThanOrEqual(6)
  for (const { name, manifest } of manifests) {
    expect(manifest.version, name).toBe(workspace.version)
    for (const [other, range] of Object.entries(manifest.dependencies ?? {}))
      if (other.startsWith('@plumbline/')) expect(range, `${name} → ${other}`).toBe(workspace.version)
  }
  expect(plumb(ROOT, '--version').out.trim()).toBe(workspace.version)
})

test('the lockfile knows the versions and names no host', () => {
  const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, Manifest>> }
  for (const { name, manifest } of manifests) expect(packages[`packages/${name}`]?.version, name).toBe(manifest.version)
  expect(text).not.toMatch(/"resolved": "https?:/)
})

test('the lockfile holds the optional packages of every platform, or a clean install would be refused', () => {
  const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, LockEntry>> }
  expect(Object.keys(missingPlatforms(packages)), 'run `node tools/complete-lockfile.ts`').toEqual([])
  const known = packages['node_modules/@biomejs/biome']
  expect(Object.keys(known?.optionalDependencies ?? {}).length).toBeGreaterThan(5)
  const { 'node_modules/@biomejs/cli-darwin-arm64': _, ...without } = packages
  expect(missingPlatforms(without)).toEqual({
    'node_modules/@biomejs/cli-darwin-arm64': {
      version: known?.version,
      cpu: ['arm64'],
      dev: true,
      optional: true,
      os: ['darwin'],
    },
  })
  expect(platformOf('@x/y-linux-x64-musl')).toEqual({ os: ['linux'], cpu: ['x64'], libc: ['musl'] })
  expect(platformOf('@x/y-linux-riscv64-gnu')).toEqual({ os: ['linux'], cpu: ['riscv64'], libc: ['glibc'] })
  expect(platformOf('@x/linux-tools')).toBeUndefined()
  // What npm itself wrote for the platforms it was offered is what the names say.
  for (const [path, entry] of Object.entries(packages)) {
    const platform = platformOf(path)
    if (platform === undefined || entry.os === undefined) continue
    expect({ os: entry.os, cpu: entry.cpu }, path).toEqual({ os: platform.os, cpu: platform.cpu })
  }
})

test('every manifest says what it must', () => {
  const licence = readFileSync(join(ROOT, 'LICENSE'), 'utf8')
  for (const { name, manifest } of manifests) {
    expect(manifest, name).toMatchObject({
      name: `@plumbline/${name}`,
      license: 'Apache-2.0',
      type: 'module',
      engines: { node: '>=22.18' },
    })
    expect(manifest.private, name).toBeUndefined()
    expect(manifest.description?.length, name).toBeGreaterThan(10)
    expect(manifest.files, name).toContain('dist')
    // Nothing of ours runs when it is installed.
    expect(manifest.scripts, name).toBeUndefined()
    expect(manifest.sideEffects, name).toEqual(PROGRAMS[name] ?? false)
    expect(manifest.exports?.['.'], name).toEqual({ types: './dist/index.d.ts', default: './dist/index.js' })
    expect(readFileSync(join(ROOT, 'packages', name, 'LICENSE'), 'utf8'), name).toBe(licence)
    expect(readFileSync(join(ROOT, 'packages', name, 'README.md'), 'utf8'), name).toContain(`# @plumbline/${name}`)
  }
})

/** Modules that do something when they are loaded: they are started as processes, and a bundler must not drop them. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  cli: ['./bin/plumb.js'],
  engine: ['./dist/models/isolated/child.js'],
  solver: ['./dist/child.js'],
}

test('onnxruntime is an optional peer', () => {
  for (const { name, manifest } of manifests) {
    expect(Object.keys(manifest.dependencies ?? {}), name).not.toContain('onnxruntime-node')
    if (manifest.peerDependencies?.['onnxruntime-node'] === undefined) continue
    expect(manifest.peerDependenciesMeta?.['onnxruntime-node']?.optional, name).toBe(true)
  }
  expect(manifests.some(({ manifest }) => manifest.peerDependencies?.['onnxruntime-node'] !== undefined)).toBe(true)
})
