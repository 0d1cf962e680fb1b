// Preloaded with `node --import`: the packages' own names lead to their sources, so that no build is needed.
import { registerHooks } from 'node:module'

const SOURCES: Readonly<Record<string, string>> = {
  '@plumbline/core': new URL('./core-ports.ts', import.meta.url).href,
}

registerHooks({
  resolve(specifier, context, next) {
    const url = SOURCES[specifier]
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
  },
})
