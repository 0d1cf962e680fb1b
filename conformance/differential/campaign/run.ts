// Runs on the sources, like the tests: packages that import each other find sources, too.
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) => {
    const name = /^@plumbline\/(\w+)$/.exec(specifier)?.[1]
    const source = new URL(`../../../packages/${name}/src/index.ts`, import.meta.url).href
    return next(name === undefined ? specifier : source, context)
  },
})
const { campaign } = await import('./campaign.ts')
process.exitCode = await campaign(process.argv.slice(2))
