import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { page } from './markdown.ts'

function help(root: string, args: readonly string[]): string {
  const env = { ...process.env, NO_COLOR: '1' }
  const done = spawnSync(process.execPath, [join(root, 'packages', 'cli', 'bin', 'plumb.js'), ...args, '--help'], {
    encoding: 'utf8',
    env,
  })
  if (done.status !== 0) throw new Error(`plumb ${args.join(' ')} --help ended with ${done.status}: ${done.stderr}`)
  return done.stdout.trimEnd()
}

/** `docs/reference/cli.md`: what the built command says of itself. */
export function cliPage(root: string): string {
  const overview = help(root, [])
  const [, list = ''] = overview.split('\nCommands:\n')
  const verbs = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map((m) => m[1] ?? '').filter((verb) => verb !== 'help')
  if (verbs.length < 5) throw new Error(`The help of plumb lists only ${verbs.length} verbs.`)
  const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``
  return page(
    'Command line',
    '`plumb --help`',
    'Exit codes and the JSON contracts are in [docs/cli.md](../cli.md).',
    fenced(overview),
    ...verbs.flatMap((verb) => [`## plumb ${verb}`, fenced(help(root, [verb]))]),
  )
}
