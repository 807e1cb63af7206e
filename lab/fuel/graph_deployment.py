"""How Astute deploys a task graph of Fuel 9: what runs at once, what fails with what.

A node does one task at a time.  Who fails does nothing more; what waits for a failed
step fails too, on whichever node, and so fails that node; only stages go on.  Once
more nodes of a group have failed than it tolerates, no step begins any more.
"""

import concurrent.futures
from collections import namedtuple

from lab.fuel import graph


class Outcome(namedtuple('Outcome', 'failed unfinished')):
    """``failed``: each Step that failed by itself -> its Attempt.

    ``unfinished``: the uids of nodes that did not do all their steps.
    """


def deploy(placed, is_due, run):
    """Run every step that *is_due* by *run*, (step) -> Attempt or None; the Outcome."""
    before, failed, lost = graph.edges(placed), {}, set()
    waiting, done, running = graph.order(placed), set(), {}
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=16)
    try:
        while waiting or running:
            uids = {step.uid for step in lost}
            if is_over(placed, uids) and not running:
                break
            step = None
            if not is_over(placed, uids):
                busy = {step.uid for step in running.values()}
                step = next((s for s in waiting if before[s] <= done | lost
                             and s.uid not in busy), None)
            if step:
                waiting.remove(step)
                if is_due(step):
                    running[pool.submit(run, step)] = step
                else:
                    done.add(step)
                continue
            for future in concurrent.futures.wait(
                    running, return_when='FIRST_COMPLETED').done:
                step, attempt = running.pop(future), future.result()
                if attempt is None or not attempt.status:
                    done.add(step)
                    continue
                failed[step] = attempt
                lost |= {step} | _lost_with(step, waiting, before, lost)
                waiting = [other for other in waiting if other not in lost]
    finally:
        pool.shutdown(wait=False)
    return Outcome(failed, {step.uid for step in lost.union(waiting)
                            if step.uid in placed.nodes})


def _lost_with(failed, waiting, before, lost):
    """The *waiting* steps, in their order, that fail because of *failed*."""
    found = {failed}
    is_growing = True
    while is_growing:
        new = [step for step in waiting if step not in found
               and step.uid is not graph.SYNC
               and (step.uid == failed.uid or before[step] & (found | lost))]
        is_growing = bool(new)
        found.update(new)
    return found


def is_over(placed, uids):
    """Whether the failure of the nodes *uids* ends the deployment.

    A node of no group must not fail.
    """
    groups = [(set(graph.resolve(task.where, placed.nodes)), task.fault_tolerance)
              for task in placed.tasks.values() if task.type == 'group']
    return bool(uids.difference(*(members for members, _ in groups))) or any(
        len(members & uids) > tolerated(tolerance, len(members))
        for members, tolerance in groups)


def tolerated(tolerance, size):
    """How many of a group of *size* nodes may fail; of no tolerance, all."""
    if tolerance is None:
        return size
    if isinstance(tolerance, str):
        return int(tolerance.rstrip('%')) * size // 100
    return tolerance
