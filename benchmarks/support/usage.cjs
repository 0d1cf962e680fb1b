// Loaded with `--require` into a measured process: at its end it writes the CPU time it used (user and system, all
// threads, its own start included) and its peak memory to the file named by PLUMB_BENCH_USAGE.
// CommonJS without a word more, because whatever it loads is part of what is measured.
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const main = process.threadCpuUsage()
  require('node:fs').writeFileSync(
    process.env.PLUMB_BENCH_USAGE,
    JSON.stringify({
      cpuMs: (userCPUTime + systemCPUTime) / 1000,
      mainMs: (main.user + main.system) / 1000,
      peakMb: maxRSS / 1024,
    }),
  )
})
