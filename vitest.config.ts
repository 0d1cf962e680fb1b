import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const packages = [
  'core',
  'guard',
  'gherkin',
  'importers',
  'engine',
  'store',
  'runner',
  'solver',
  'server',
  'report',
  'cli',
]

const commands = new URL('./tests/', import.meta.url).pathname

/** What starts the command takes long, however short its file is: begun last, it would leave the other processors idle. */
class CommandsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const starts = ({ moduleId }: TestSpecification): boolean => moduleId.startsWith(commands)
    return [...sorted.filter(starts), ...sorted.filter((file) => !starts(file))]
  }
}

// Tests run on the sources; only tests that spawn the command need the build (`npm test` makes it first).
export default defineConfig({
  resolve: {
    alias: [
      // Parts that only some verbs load: `@plumbline/core/change`.
      {
        find: /^@plumbline\/(core|engine)\/(\w+)$/,
        replacement: new URL('./packages/$1/src/$2/index.ts', import.meta.url).pathname,
      },
      ...packages.map((name) => ({
        find: `@plumbline/${name}`,
        replacement: new URL(`./packages/${name}/src/index.ts`, import.meta.url).pathname,
      })),
    ],
  },
  test: {
    include: [
      'packages/**/*.test.ts',
      'conformance/**/*.test.ts',
      'examples/**/*.test.ts',
      'tools/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    pool: 'threads',
    isolate: false,
    // By default one processor is left to whoever works at the machine, which of two is half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: CommandsFirst },
    // For what never ends: tests and hooks train models and start processes, on cores that others use, too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
