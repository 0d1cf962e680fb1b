import { spawn } from 'node:child_process'
import { sparkHome, startCluster } from './cluster.ts'

// Runs a command while a cluster runs; its exit code is the command's.
const [command, ...args] = process.argv.slice(2)
const home = sparkHome()
if (command === undefined) {
  process.stderr.write('Which command? node tools/spark/run.ts npx vitest run conformance/spark\n')
  process.exitCode = 2
} else if (home === undefined) {
  process.stderr.write('Spark is not installed here: tools/spark/install.sh installs it.\n')
  process.exitCode = 3
} else {
  const cluster = await startCluster(home)
  process.stdout.write(`Spark runs at ${cluster.address}\n`)
  const env = { ...process.env, PLUMB_SPARK: cluster.address, PLUMB_SPARK_FOLDER: cluster.folder }
  const child = spawn(command, args, { env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise<number>((done) => {
    child.once('error', () => done(1))
    child.once('close', (code) => done(code ?? 1))
  })
  await cluster.stop()
}
