"""What the measured part of a peer's process cost, after its imports: user and system time, time by the clock; and of the whole process."""
import json
import resource
import sys
import time

# This module is imported last, when the work begins.
BEGAN = time.perf_counter()


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def report(before, verdicts):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall = (time.perf_counter() - BEGAN) * 1000
    whole = used()
    json.dump({"cpuMs": whole - before, "wallMs": wall, "wholeCpuMs": whole, "peakMb": peak, "verdicts": verdicts}, sys.stdout)
