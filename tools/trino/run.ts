import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

// Runs a command while a server runs; its exit code is the command's.
const repository = resolve(import.meta.dirname, '../..')
const home = join(repository, '.work/trino')
const [command, ...args] = process.argv.slice(2)
if (command === undefined) {
  process.stderr.write('Which command? node tools/trino/run.ts npx vitest run conformance/trino\n')
  process.exitCode = 2
} else if (!existsSync(join(home, 'installed'))) {
  process.stderr.write('Trino is not installed here: tools/trino/install.sh installs it.\n')
  process.exitCode = 3
} else {
  const source = join(import.meta.dirname, 'TrinoServer.java')
  const server = spawn('java', ['-Xmx2g', '-cp', join(home, 'lib/*'), source], { stdio: 'pipe' })
  const ended = new Promise<void>((done) => server.once('close', () => done()))
  const said = await new Promise<string>((found, failed) => {
    let text = ''
    const hear = (chunk: string): void => {
      // What comes later is read all the same: a full pipe would stop the server.
      text = (text + chunk).slice(-20_000)
      const place = /Trino runs at http:\/\/(\S+)/.exec(text)?.[1]
      if (place !== undefined) found(place)
    }
    // Its log, into which it puts what a program says, too, is one or the other.
    for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', hear)
    void ended.then(() => failed(new Error(`The server ended: ${text}`)))
  })
  const address = `trino://tester@${said}/memory/default`
  process.stdout.write(`Trino runs at ${address}\n`)
  const child = spawn(command, args, { env: { ...process.env, PLUMB_TRINO: address }, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise<number>((done) => {
    child.once('error', () => done(1))
    child.once('close', (code) => done(code ?? 1))
  })
  server.stdin.end()
  await ended
}
