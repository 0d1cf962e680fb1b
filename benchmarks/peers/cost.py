"""What the measured part of a peer's process cost: user and system time after its imports, and the peak of its memory."""
import json
import resource
import sys


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def report(before, verdicts):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"cpuMs": used() - before, "peakMb": peak, "verdicts": verdicts}, sys.stdout)
