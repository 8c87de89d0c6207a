import type { Text } from '../../shared/base/text'
import type { TF, Tensor } from '../../shared/base/tf'
import type { Model } from '../model'
import { inputOf, rows, shapes } from './inputs'
import type { Batch, Engine } from './types'

/** Runs tfjs op by op: the reference, and the way out for what can't be recorded. */
export class EagerEngine implements Engine {
  private variables: Tensor[]

  constructor(
    private readonly tf: TF,
    private readonly model: Model,
    readonly compiled: Text
  ) {
    const list = shapes(model)
    this.variables = model.initial().map((v, i) => tf.tensor(v, list[i]!))
  }
  step(batch: Batch, t: number, record: boolean): Float32Array {
    const { tf, model } = this
    const input = inputOf(tf, model, this.variables, batch, t)
    const out = model.step(tf, input)
    const values = (record ? out.flat : out.loss).dataSync<'float32'>()
    for (const [at, now] of out.next) {
      if (now !== this.variables[at]) this.variables[at]!.dispose()
      this.variables[at] = now
    }
    tf.dispose([out.flat, out.loss, input.x, input.y, input.scalars, input.counters])
    return values
  }
  rehearse(): void {
    // Each step is made anew: there is nothing to have ready.
  }
  predict(x: Float32Array, count: number): Float32Array {
    return this.tf.tidy(() =>
      this.model.predict(this.tf, this.variables, this.tf.tensor(x, rows(this.model, count).x)).dataSync<'float32'>()
    )
  }
  generate(latent: Float32Array, count: number): Float32Array {
    const { tf, model } = this
    return tf.tidy(() =>
      model.generate(tf, this.variables, tf.tensor(latent, model.generator!.latentShape(count))).dataSync<'float32'>()
    )
  }
  read(): Float32Array[] {
    return this.variables.map((v) => v.dataSync<'float32'>().slice())
  }
  write(values: readonly Float32Array[]): void {
    const list = shapes(this.model)
    this.tf.dispose(this.variables)
    this.variables = values.map((v, i) => this.tf.tensor(v, list[i]!))
  }
  dispose(): void {
    this.tf.dispose(this.variables)
    this.variables = []
  }
}
