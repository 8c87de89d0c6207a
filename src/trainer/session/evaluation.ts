import { makeRng } from '../../shared/base/random/rng'
import type { Evaluation } from '../../shared/run/types'
import type { Batch } from '../engine'
import { boundaryOf, hasClasses, hasPicture, planeOf, reachOf } from '../plane'
import type { Training } from './training'

/** Evaluations per factor e of the steps, where they are made for the verdict alone. */
const DENSITY = 4

/**
 * Whether a training that holds nothing out is evaluated before a step: often at first, seldom later, as nobody asked
 * for it.
 */
export const isJudgedStep = (step: number): boolean =>
  step < 2 || Math.floor(DENSITY * Math.log(step)) !== Math.floor(DENSITY * Math.log(step - 1))

/** Evaluates a training on the examples that it is judged by. */
export class Evaluator {
  /** Half the side of the square of the pictures; the same in all pictures of a run. */
  private reach: number | undefined

  constructor(private readonly training: Training) {}

  /** The state before the next step. */
  evaluate(): Evaluation {
    const { data, judged, model, engine, effective, step, steps } = this.training
    const { info } = data
    const examples = model.generator ? this.withGenerated(judged) : judged
    const output = engine.predict(examples.x, examples.count)
    const metrics = this.training.score(output, examples.y, judged.count)
    const critic = data.validation.count && model.generator && info.inputShape.join() === '2'
    if (!(critic || hasClasses(info)) || !hasPicture(step, steps, effective.record.evaluateEvery))
      return { step, metrics }
    const reach = (this.reach ??= reachOf(data.train))
    const plane = critic
      ? planeOf(engine, examples, reach)
      : boundaryOf(engine, examples, reach, this.training.threshold)
    return { step, metrics, plane }
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
