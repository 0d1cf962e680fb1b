import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A running cluster. */
export interface SparkCluster {
  /** As clients of Spark Connect are given it: `sc://127.0.0.1:41234`. */
  readonly address: string
  /** A folder that master, workers and tests see. */
  readonly folder: string
  /** Stops the server, the workers and the master, and removes the folder. */
  stop(): Promise<void>
}

const REPOSITORY = resolve(import.meta.dirname, '../..')

/** The folder of Spark inside of the package, if `install.sh` has put it there. */
export const sparkHome = (): string | undefined =>
  existsSync(join(REPOSITORY, '.work/spark/installed'))
    ? globSync(join(REPOSITORY, '.work/spark/lib/python3*/site-packages/pyspark'))[0]
    : undefined

/**
 * Runs a program until its own input ends: it stops with the process that started it, however that one ends. A server that still works
 * on a statement is not waited for longer than some seconds.
 */
const KEEPER = `
"$@" </dev/null 2>&1 &
program=$!
trap 'kill $program' TERM INT
read -r _
kill $program
(sleep 10; kill -9 $program) >/dev/null 2>&1 &
last=$!
wait $program
kill $last 2>/dev/null
`

/** A part of the cluster that says when it is ready. */
interface Part {
  /** What it said that matches. */
  readonly said: Promise<string>
  stop(): Promise<void>
}

function start(name: string, command: readonly string[], env: NodeJS.ProcessEnv, ready: RegExp): Part {
  const keeper: ChildProcess = spawn('/bin/sh', ['-c', KEEPER, name, 'nice', '-n', '10', ...command], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()))
  const said = new Promise<string>((found, failed) => {
    let text = ''
    keeper.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      // What comes later is read all the same: a full pipe would stop the program.
      text = (text + chunk).slice(-20_000)
      const match = ready.exec(text)?.[1]
      if (match !== undefined) found(match)
    })
    keeper.once('close', () => failed(new Error(`Spark's ${name} ended: ${text}`)))
  })
  said.catch(() => undefined)
  return {
    said,
    async stop() {
      keeper.stdin?.end()
      await ended
    },
  }
}

const WORKERS = 2
/** Compiled once and not again, collected without threads: what runs for a minute is slower to optimise than to run. */
const QUICK = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1'

/** Settings of the server: small, on this machine only, and two tasks a shuffle, as there are two cores. */
const SETTINGS: readonly string[] = [
  `spark.executor.extraJavaOptions=${QUICK}`,
  'spark.executor.memory=600m',
  'spark.driver.host=127.0.0.1',
  'spark.connect.grpc.binding.address=127.0.0.1',
  'spark.connect.grpc.binding.port=0',
  'spark.ui.enabled=false',
  'spark.sql.shuffle.partitions=2',
  'spark.sql.session.timeZone=America/New_York',
]

/** Starts one master, two workers of one core each, and a Spark Connect server that uses them. */
export async function startCluster(home: string): Promise<SparkCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-spark-'))
  const local = {
    SPARK_HOME: home,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_CONF_DIR: folder,
    SPARK_DAEMON_JAVA_OPTS: `${QUICK} -Dspark.master.rest.enabled=false`,
  }
  const daemon = { ...local, SPARK_DAEMON_MEMORY: '256m' }
  const server = { ...local, SPARK_DAEMON_MEMORY: '1g' }
  const parts: Part[] = []
  const stop = async () => {
    for (const part of parts.toReversed()) await part.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const part = (...given: Parameters<typeof start>): Part => {
    const started = start(...given)
    parts.push(started)
    return started
  }
  const run = join(home, 'bin/spark-class')
  const here = ['--host', '127.0.0.1', '--port', '0', '--webui-port', '0']
  try {
    const master = part(
      'master',
      [run, 'org.apache.spark.deploy.master.Master', ...here],
      daemon,
      /Starting Spark master at (spark:\/\/\S+)/,
    )
    const url = await master.said
    const workers = Array.from({ length: WORKERS }, (_, i) =>
      part(
        `worker ${i + 1}`,
        [
          run,
          'org.apache.spark.deploy.worker.Worker',
          ...here,
          '--cores',
          '1',
          '--memory',
          '700m',
          '--work-dir',
          join(folder, `worker-${i + 1}`),
          url,
        ],
        daemon,
        /(Successfully registered with master)/,
      ),
    )
    const connect = part(
      'Connect server',
      [
        join(home, 'bin/spark-submit'),
        '--class',
        'org.apache.spark.sql.connect.service.SparkConnectServer',
        '--master',
        url,
        ...[...SETTINGS, `spark.sql.warehouse.dir=${join(folder, 'warehouse')}`].flatMap((one) => ['--conf', one]),
        'spark-internal',
      ],
      server,
      /Spark Connect server started at: \S*?:(\d+)/,
    )
    await Promise.all(workers.map(({ said }) => said))
    return { address: `sc://127.0.0.1:${await connect.said}`, folder, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
