import { makeRng } from '../../shared/base/random/rng'
import { losses } from '../../shared/catalog/losses'
import type { Evaluation } from '../../shared/run/types'
import type { Batch } from '../engine'
import { hasPicture, planeOf, reachOf } from '../plane'
import type { Training } from './training'

/** Evaluates a training on its validation part. */
export class Evaluator {
  /** Half the side of the square of a critic's picture; the same in all pictures of a run. */
  private reach: number | undefined

  constructor(private readonly training: Training) {}

  /** The state before the next step. There must be a validation part. */
  evaluate(): Evaluation {
    const { data, model, engine, effective, step, steps, metrics: names } = this.training
    const { info } = data
    const validation = model.generator ? this.withGenerated(data.validation) : data.validation
    const output = engine.predict(validation.x, validation.count)
    // One row for each target: of an example, or of an example's time step.
    const width = info.targetShape[info.targetShape.length - 1]!
    const rows = (v: Float32Array): number[][] =>
      Array.from({ length: v.length / width }, (_, r) => Array.from(v.subarray(r * width, (r + 1) * width)))
    const { id, ...params } = effective.training.loss
    const metrics: Record<string, number> = { loss: losses.get(id).reference(rows(output), rows(validation.y), params) }
    const values = this.training.metricsOf(output, validation.y, data.validation.count)
    names.forEach((name, i) => (metrics[name] = values[i]!))
    const pictured =
      model.generator && info.inputShape.join() === '2' && hasPicture(step, steps, effective.record.evaluateEvery)
    return {
      step,
      metrics,
      ...(pictured && { plane: planeOf(engine, validation, (this.reach ??= reachOf(data.train))) })
    }
  }

  /** Real points, then as many generated ones, which come from the same latent numbers each time. */
  private withGenerated(real: Batch): Batch {
    const { model, engine, effective } = this.training
    const { generator } = model
    const rng = makeRng(effective.seed, 'generator/validation')
    const latent = Float32Array.from({ length: generator!.latentShape(real.count).reduce((a, b) => a * b, 1) }, () =>
      rng.normal()
    )
    const generated = generator!.variables.length
      ? engine.generate(latent, real.count)
      : real.x.map((v, i) => v + generator!.settings.spread * latent[i]!)
    const x = new Float32Array(2 * real.x.length)
    x.set(real.x)
    x.set(generated, real.x.length)
    const y = new Float32Array(2 * real.y.length)
    y.set(real.y)
    return { x, y, count: 2 * real.count }
  }
}
