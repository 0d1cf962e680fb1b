import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PLUMB, ROOT, scratch } from '../support/plumb.ts'

const ENVIRONMENT = join(ROOT, '.work', 'client-python')
const installed = existsSync(join(ENVIRONMENT, 'installed.txt'))

describe.skipIf(!installed)('the Python package (skipped without Python: tests/python-client/setup.sh)', () => {
  it('is installed by pip from its folder, and does what the command does', () => {
    // A copy: pip leaves a build beside the sources.
    const folder = scratch('python-client')
    cpSync(join(ROOT, 'python'), join(folder, 'python'), { recursive: true })
    const python = (...args: readonly string[]) =>
      spawnSync(join(ENVIRONMENT, 'bin', 'python'), args, {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, PLUMBLINE_CLI: PLUMB, PYTHONDONTWRITEBYTECODE: '1' },
      })
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-build-isolation']
    const made = python(...pip, '--force-reinstall', './python')
    expect(made.stderr).toBe('')
    const ran = python('-m', 'pytest', '-q', '-p', 'no:cacheprovider', import.meta.dirname)
    expect(ran.stdout).toMatch(/\n12 passed in [\d.]+s/)
    expect(ran.status).toBe(0)
  })
})
