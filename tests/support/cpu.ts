/** Milliseconds of CPU that this thread has used: what else the machine does costs none of them. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
