// Preloaded with `node --import`: the packages' own names lead to their sources, so that no build is needed.
import { registerHooks } from 'node:module'

const core = new URL('./core-ports.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@plumbline/core' ? { url: core, shortCircuit: true } : next(specifier, context),
})
