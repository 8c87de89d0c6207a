import type { RunUpdate, UpdateOf } from '@shared/run/update'

function joinedFrames(list: UpdateOf<'frames'>[]): RunUpdate {
  const together = (part: 'values' | 'scalars'): Float32Array => {
    const out = new Float32Array(list.reduce((n, u) => n + u.frames[part].length, 0))
    let at = 0
    for (const { frames } of list) {
      out.set(frames[part], at)
      at += frames[part].length
    }
    return out
  }
  return {
    kind: 'frames',
    frames: {
      steps: Int32Array.from(list.flatMap((u) => [...u.frames.steps])),
      values: together('values'),
      scalars: together('scalars')
    }
  }
}
/** The same updates with all frames in one batch, in the place of the first of them. */
export function joined(updates: readonly RunUpdate[]): RunUpdate[] {
  const frames = updates.filter((u): u is UpdateOf<'frames'> => u.kind === 'frames')
  if (frames.length < 2) return [...updates]
  return updates.flatMap((u) => (u.kind !== 'frames' ? [u] : u === frames[0] ? [joinedFrames(frames)] : []))
}

/** Steps that a training of unknown length is drawn with: what was made, and up to a quarter more. */
export function plannedFor(step: number): number {
  const grain = 2 ** Math.max(4, Math.floor(Math.log2(Math.max(1, step))) - 2)
  return (Math.floor(step / grain) + 1) * grain
}
