import { defineConfig } from 'vitest/config'

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
    // Hooks train models and start processes; two cores are shared by everything.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
