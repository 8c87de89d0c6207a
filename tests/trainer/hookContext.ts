import type { Remedy, Slot, StepContext } from '@shared/experiment/remedies'
import type { Plain, PlainContext } from '@shared/clinic/remedies'
import { makeRng } from '@shared/base/random/rng'
import { sizeOf } from '@shared/base/sizeOf'
import type { TF, Tensor } from '@shared/base/tf'
import gradientCentralisation from '../fixtures/remedies/gradientCentralisation'
import gradientNoise from '../fixtures/remedies/gradientNoise'
import lookahead from '../fixtures/remedies/lookahead'

/** Remedies of published methods that the product does not have, one file each. */
export const fixtures: readonly Remedy[] = [gradientNoise, gradientCentralisation, lookahead]

/** The slots of a reference, in float64; they live as long as this object. */
export class PlainSlots {
  private readonly values = new Map<string, number[]>()
  private readonly names = new Set<string>()

  /** True when the reference asked for any. */
  get used(): boolean {
    return this.names.size > 0
  }
  readonly slot: PlainContext['slot'] = (name, start) => {
    this.names.add(name)
    const zeros = (shape: number[]): number[] => new Array<number>(sizeOf(shape)).fill(0)
    const value = this.values.get(name) ?? (Array.isArray(start) ? zeros(start) : (start as Plain).values)
    return { value, update: (next) => void this.values.set(name, next) }
  }
}

/** A hook's context and its reference's, on the same noise, over any number of steps. */
export class TwinContexts {
  private readonly slots = new PlainSlots()
  private readonly tensors = new Map<string, Tensor>()
  private readonly learningRate = Math.fround(0.1)

  constructor(private readonly tf: TF) {}
  get stateful(): boolean {
    return this.slots.used
  }
  private noise(step: number, name: string, shape: number[], kind: 'uniform' | 'normal'): number[] {
    const rng = makeRng(5, `${step}/${name}`)
    return Array.from({ length: sizeOf(shape) }, () => Math.fround(kind === 'normal' ? rng.normal() : rng.uniform()))
  }
  plain(step: number): PlainContext {
    return {
      learningRate: this.learningRate,
      step,
      noise: (...args) => this.noise(step, ...args),
      slot: this.slots.slot
    }
  }
  real(step: number): StepContext {
    const { tf } = this
    return {
      learningRate: tf.scalar(this.learningRate),
      step: tf.scalar(step),
      noise: (name, shape, kind) => tf.tensor(this.noise(step, name, shape, kind), shape),
      slot: (name, start): Slot => ({
        value: this.tensors.get(name) ?? (Array.isArray(start) ? tf.zeros(start) : start),
        update: (next) => void this.tensors.set(name, tf.keep(tf.clone(next)))
      })
    }
  }
}
