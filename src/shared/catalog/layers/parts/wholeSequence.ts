import { addBias, withGradient, type Native } from '../../../base/native'
import type { Params } from '../../../base/params'
import type { TF, Tensor } from '../../../base/tf'
import type { ForwardContext, ForwardResult } from '../types'
import type { CellWeights } from './backThroughTime'
import { rows, swapTime } from './recurrent'

/** A recurrent layer whose way through time is one native operation there and one back. */
export interface Sequence {
  /**
   * @param z x·W + b by time, [T, batch, gates·units]
   * @returns h by time, [T, batch, units], and what `back` reads
   */
  run(z: Tensor, recurrent: Tensor): [h: Tensor, ...saved: Tensor[]]
  /**
   * @param dy what the loss reads of h: [T, batch, units], or of the last time, [batch, units]
   * @returns the total gradients of h and of z by time
   */
  back(dy: Tensor, recurrent: Tensor, saved: Tensor[]): [dh: Tensor, dz: Tensor]
}

/**
 * A layer of such a sequence, with a gradient of its own: each weight's is one product over all times, and the total
 * gradient of every state is handed out through its probe.
 * @param x [batch, T, features]
 */
export function wholeSequence(
  tf: TF,
  n: Native,
  p: Params,
  x: Tensor,
  w: CellWeights,
  ctx: ForwardContext,
  sequence: Sequence
): ForwardResult {
  const [batch, length, features] = x.shape as [number, number, number]
  const [units, all] = [p.units as number, p.returnSequences as boolean]
  const times = (a: Tensor, b: Tensor, ta = false, tb = false): Tensor => tf.matMul(a as never, b as never, ta, tb)
  // The tape may record these operations, but the loss depends on `h` below only.
  const xs = rows(tf, swapTime(tf, x))
  const linear = times(xs, w.kernel)
  const z = tf.reshape(w.bias ? addBias(tf, linear, w.bias) : linear, [length, batch, w.kernel.shape[1]!])
  const [hs, ...saved] = sequence.run(z, w.recurrent)
  const probe = ctx.probe('h', [length, batch, units])
  const h = withGradient(
    tf,
    [x, w.kernel, w.recurrent, ...(w.bias ? [w.bias] : []), probe],
    (keep) => {
      keep(xs, w.kernel, w.recurrent, hs, ...saved)
      return all ? swapTime(tf, hs) : tf.reshape(tf.slice(hs, [length - 1, 0, 0]), [batch, units])
    },
    (dy, [input, kernel, recurrent, states, ...notes]) => {
      const [dh, dz] = sequence.back(all ? swapTime(tf, dy) : dy, recurrent!, notes)
      const flat = rows(tf, dz)
      const first = tf.zeros([1, batch, units])
      const before = length > 1 ? tf.concat([first, tf.slice(states!, 0, length - 1)] as never[]) : first
      return [
        swapTime(tf, tf.reshape(times(flat, kernel!, false, true), [length, batch, features])),
        times(input!, flat, true),
        times(rows(tf, before as Tensor), flat, true),
        ...(w.bias ? [n.op('BiasAddGrad', [flat])] : []),
        dh
      ]
    }
  )
  return { h, probes: { h: probe } }
}
