import { spawnSync } from 'node:child_process'

/** User and system time of this Node with arguments and of all that it started, in milliseconds; it needs bash, which counts them. */
export function cpuOfAll(args: readonly string[], cwd: string): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null'
  const done = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], { cwd, encoding: 'utf8' })
  const [user, system] = (done.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  if (done.status !== 0 || user === undefined || system === undefined)
    throw new Error(`${args.join(' ')}: ${done.stderr}`)
  return (user + system) * 1000
}
