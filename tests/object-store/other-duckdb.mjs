// Loaded before the command (`node --import`): the DuckDB that the extension was made for, in the folder that PLUMB_TEST_DUCKDB names.
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const name = '@duckdb/node-api'
const url = pathToFileURL(createRequire(join(process.env.PLUMB_TEST_DUCKDB ?? '', 'package.json')).resolve(name)).href
registerHooks({
  resolve: (specifier, context, next) => (specifier === name ? { url, shortCircuit: true } : next(specifier, context)),
})
