import { join } from 'node:path'
import type { Measure } from '../support/figures.ts'
import { type MemoryReading, memoryMeasures } from '../support/memory-trend.ts'
import { residentMb } from '../support/resident.ts'
import { ANSWER, exampleProgram, metadataBody, MODEL, requestBodies } from './exchange.ts'
import { startGuard } from './guard.ts'
import { startUpstream } from './nginx.ts'
import { runLoad } from './wrk.ts'

const PORTS = [18_430, 18_431] as const

/** Resident memory of the guard while it answers and logs so many requests, a reading after each second of load. */
export async function benchMemory(folder: string, requests: number): Promise<readonly Measure[]> {
  const home = join(folder, 'load')
  const program = exampleProgram()
  const bodies = requestBodies(program)
  const upstream = await startUpstream(join(home, 'memory-upstream'), PORTS[0], ANSWER, metadataBody(program))
  const guard = await startGuard(join(home, 'memory'), PORTS[1], upstream.url, true)
  const readings: MemoryReading[] = []
  let answered = 0
  try {
    while (answered < requests) {
      const url = `${guard.url}/v2/models/${MODEL}/infer`
      answered += runLoad(home, { url, bodies, connections: 32, seconds: 1 }).requests
      readings.push({ requests: answered, mib: residentMb(guard.pid) })
    }
  } finally {
    await guard.stop()
    await upstream.stop()
  }
  const over = `${(requests / 1e6).toLocaleString('en')} M requests`
  return memoryMeasures('guard', over, readings, 'as a proxy with the log on, after each second of load')
}
