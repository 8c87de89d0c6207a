import { makePace } from '@/timing/pace'
import { bridge } from './bridge'
import type { Recording } from './run'

/** Calls `work` at the next animation frame, or after 250 ms when the window is hidden and has none. */
function nextFrame(work: () => void): void {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    work()
  }
  requestAnimationFrame(once)
  setTimeout(once, 250)
}

/** Decides when views are told that runs have grown. */
export interface Growth {
  /**
   * The run has grown, by so many batches of frames: told at the next animation frame to live readers, to others at the
   * window's pace.
   */
  add(run: Recording, batches: number): void
  /** Tells all readers at once: whoever looks at a run that stands still sees all of it. */
  flush(run: Recording): void
}
export function makeGrowth(): Growth {
  /** Batches of each run since the last animation frame. */
  const grown = new Map<Recording, number>()
  /** Runs that have grown since `pace` last told of it. */
  const untold = new Set<Recording>()
  let scheduled = false
  const pace = makePace(() => {
    for (const run of untold) run.tellGrowth()
    untold.clear()
  })
  function tell(): void {
    scheduled = false
    const now = [...grown]
    grown.clear()
    for (const [run, batches] of now) {
      run.tellLive()
      untold.add(run)
      // Acknowledged only now, so that a slow window is sent less.
      if (batches)
        void bridge()
          .ackFrames(run.id, batches)
          .catch(() => undefined)
    }
    pace()
  }
  return {
    add(run, batches) {
      grown.set(run, (grown.get(run) ?? 0) + batches)
      if (scheduled) return
      scheduled = true
      nextFrame(tell)
    },
    flush(run) {
      untold.add(run)
      pace(true)
    }
  }
}
