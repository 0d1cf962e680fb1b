/**
 * Names in the lockfile the optional packages of other platforms that a registry did not offer when it was written: a
 * mirror may hold one platform only. Without them `npm ci` refuses the lockfile. Run it after a change of dependencies;
 * what a package is for is read from its name, since its manifest cannot be asked for. Such an entry has no integrity,
 * and is fetched on its own platform only.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One package of a lockfile (version 3), as far as it matters here. */
export interface LockEntry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly engines?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'] as const
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'] as const

/** Operating system, processor and C library in the name of a platform package; undefined where it names no platform. */
export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = (name.split('/').at(-1) ?? '').split(/[-.]/)
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) return undefined
  const musl = words.some((word) => word.startsWith('musl'))
  const glibc = words.some((word) => word.startsWith('gnu'))
  return { cpu: [cpu], ...(os === 'linux' && (musl || glibc) ? { libc: [musl ? 'musl' : 'glibc'] } : {}), os: [os] }
}

/** The entries that are missing: optional dependencies with an exact version, for a platform, that the lockfile lacks. */
export function missingPlatforms(packages: Readonly<Record<string, LockEntry>>): Readonly<Record<string, LockEntry>> {
  const missing: Record<string, LockEntry> = {}
  for (const [path, entry] of Object.entries(packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name)
      const there = [`node_modules/${name}`, `${path}/node_modules/${name}`].some((place) => place in packages)
      if (there || platform === undefined || !/^\d/.test(version)) continue
      missing[`node_modules/${name}`] = {
        version,
        ...(platform.cpu === undefined ? {} : { cpu: platform.cpu }),
        ...(entry.dev === true ? { dev: true } : {}),
        ...(platform.libc === undefined ? {} : { libc: platform.libc }),
        optional: true,
        ...(platform.os === undefined ? {} : { os: platform.os }),
      }
    }
  return missing
}

if (import.meta.main) {
  const file = join(process.argv[2] ?? dirname(import.meta.dirname), 'package-lock.json')
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Readonly<Record<string, LockEntry>> }
  const missing = missingPlatforms(lock.packages)
  const sorted = Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  process.stdout.write(`${Object.keys(missing).length} packages of other platforms added\n`)
}
