import { withGradient } from '../../../base/native'
import type { Params } from '../../../base/params'
import type { TF, Tensor } from '../../../base/tf'
import type { ForwardContext, ForwardResult } from '../types'
import { cutBefore, rows, swapTime } from './recurrent'

/** Tensors by name, one per time step or one in all. */
export type Saved = Record<string, Tensor[]>
export type CellWeights = { kernel: Tensor; recurrent: Tensor; bias?: Tensor }

/** A recurrent cell on native operations, with its own gradient. Gates stand side by side. */
export interface Cell {
  /**
   * The forward pass over all time steps.
   * @param xs the input by time, [T·batch, D]
   * @returns h of each time, [batch, units]; pre-activations, when there is one per unit; what `back` reads
   */
  run(xs: Tensor, length: number, w: CellWeights): { hs: Tensor[]; zs?: Tensor[]; saved: Saved }
  /**
   * One step back.
   * @param after total gradients of the states after step t, the first of h; absent where nothing comes back
   * @returns the gradients of its pre-activations, [batch, gates·units], and a maker of those of the states before it
   */
  back(saved: Saved, t: number, after: [Tensor, ...Tensor[]], w: CellWeights): { dz: Tensor; before(): Tensor[] }
  /**
   * The recurrent kernel's gradient, when it isn't beforeᵀ·dz. @param before h before each step and @param dz, both by
   * time, [T·batch, …]
   */
  recurrentGradient?(saved: Saved, before: Tensor, dz: Tensor): Tensor
}

/**
 * A layer of a recurrent cell, unrolled over time with a gradient of its own (Werbos 1990). It takes few native
 * operations per step, computes each weight's gradient as one product over all times, and hands out the total gradient
 * of every state through its probes.
 * @param x [batch, T, features]
 */
export function throughTime(
  tf: TF,
  p: Params,
  x: Tensor,
  w: CellWeights,
  ctx: ForwardContext,
  cell: Cell
): ForwardResult {
  const [batch, length, features] = x.shape as [number, number, number]
  const [units, k, all] = [p.units as number, p.truncate as number, p.returnSequences as boolean]
  const shape = [length, batch, units]
  // The tape may record these operations, but the loss depends on `h` below only.
  const xs = rows(tf, swapTime(tf, x))
  const { hs, zs, saved } = cell.run(xs, length, w)
  const names = Object.keys(saved)
  const probes = { h: ctx.probe('h', shape), ...(zs && { z: ctx.probe('z', shape) }) }
  const weights = [w.kernel, w.recurrent, ...(w.bias ? [w.bias] : [])]
  const h = withGradient(
    tf,
    [x, ...weights, probes.h, ...(probes.z ? [probes.z] : [])],
    (keep) => {
      keep(xs, ...weights, ...hs, ...names.flatMap((n) => saved[n]!))
      return all ? swapTime(tf, tf.stack(hs)) : tf.clone(hs[length - 1]!)
    },
    (dy, kept) => {
      const take = (n: number): Tensor[] => kept.splice(0, n)
      const [input] = take(1) as [Tensor]
      const [kernel, recurrent, bias] = take(weights.length) as [Tensor, Tensor, Tensor?]
      const states = take(length)
      const notes = Object.fromEntries(names.map((n) => [n, take(saved[n]!.length)]))
      const own: CellWeights = { kernel, recurrent, ...(bias && { bias }) }
      const zero = tf.zeros([batch, units])
      const noPart = tf.zeros([batch, kernel.shape[1]!])
      const dys = all ? tf.unstack(swapTime(tf, dy)) : undefined
      const dh: Tensor[] = []
      const dz: Tensor[] = []
      let after: Tensor[] | undefined
      for (let t = length - 1; t >= 0; t--) {
        const direct = dys ? dys[t]! : t === length - 1 ? dy : undefined
        const own0 = direct && after ? tf.add(direct, after[0]!) : (direct ?? after?.[0])
        dh[t] = own0 ?? zero
        // No gradient arrives here: the last state's was cut.
        const step = own0 && cell.back(notes, t, [own0, ...(after?.slice(1) ?? [])], own)
        dz[t] = step?.dz ?? noPart
        after = step && t > 0 && !cutBefore(t, length, k) ? step.before() : undefined
      }
      const flat = rows(tf, tf.stack(dz))
      const before = rows(tf, tf.stack([zero, ...states.slice(0, -1)]))
      const times = (a: Tensor, b: Tensor, ta: boolean, tb: boolean): Tensor =>
        tf.matMul(a as never, b as never, ta, tb)
      return [
        swapTime(tf, tf.reshape(times(flat, kernel, false, true), [length, batch, features])),
        times(input, flat, true, false),
        cell.recurrentGradient?.(notes, before, flat) ?? times(before, flat, true, false),
        ...(bias ? [tf.sum(flat, 0)] : []),
        tf.stack(dh),
        ...(probes.z ? [tf.reshape(flat, shape)] : [])
      ] as Tensor[]
    }
  )
  return { h, probes, ...(zs && { z: tf.stack(zs) }) }
}
