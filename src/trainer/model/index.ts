// Longer than 300 lines, because the step and what prepares it read the same lists.
import { paramsOf } from '../../shared/base/params'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import { layers } from '../../shared/catalog/layers'
import { losses } from '../../shared/catalog/losses'
import { optimizers } from '../../shared/catalog/optimizers'
import { learningRateAt } from '../../shared/catalog/schedules'
import type { Source } from '../../shared/catalog/statistics/types'
import '../../shared/clinic/remedies'
import { generatorOf, type Experiment, type Plan } from '../../shared/experiment'
import { Measurement } from '../measure'
import { backwardPass } from './backwardPass'
import { balanced, weighted } from './classWeights'
import { largest } from './criticGradient'
import { CRITIC_NOISES, CriticStep } from './criticStep'
import { forwardPass } from './forwardPass'
import { Generator } from './generator'
import { generatorStep } from './generatorStep'
import { Hooks } from './hooks'
import { initialValue } from './initialValue'
import { nameAndRole, penalties, type TrainableWeight } from './penalties'
import { HEAD, namedTensors, readout, weightsOfRole } from './readout'
import { StepScope, noiseKey, stepNoise } from './scope'
import type { StepInput, StepOutput, Variable } from './types'
import { update } from './update'

export type * from './types'

/** Names of the parameters of layers that say what weights are drawn by. */
const INITIALIZERS = new Set(
  layers.all.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, f]) => (f.type === 'ref' && f.registry === 'initializers' ? [name] : []))
  )
)

/**
 * One experiment as functions of tensors. Everything here is pure: the step takes the variables and gives their new
 * values, and changes nothing. So it can be run as it is, or recorded once and replayed.
 */
export class Model {
  readonly variables: Variable[] = []
  /** Scalars that are fed at each step. */
  readonly scalarNames: string[] = ['learningRate', 't', 'updates']
  private readonly scalarValues = new Map<string, number>()
  /** Steps that the optimizer had made before the first one here. */
  stepsBefore = 0
  /** The optimizer goes on from what it had kept. */
  isContinued = false
  /** Index of each variable by its name. */
  private readonly at = new Map<string, number>()
  private readonly trainable: number[] = []
  private readonly hooks: Hooks
  private readonly loss
  private readonly optimizer
  /** What a critic is trained against; undefined for every other task. */
  readonly generator: Generator | undefined
  /** What precedes the statistics in `StepOutput.flat`. */
  readonly head: readonly string[]
  /** Set by `prepare`. */
  measurement!: Measurement

  /** Weights as they were drawn. */
  private readonly drawn = new Map<Variable, Float32Array>()
  /** Noise of the step, whose keys are fed at each step. */
  private readonly noiseNames: string[] = []
  private noiseKeys: number[] | undefined
  /** The seed was asked for by noise that is not fed. */
  private isNoisy = false

  /** By class; undefined where every example counts alike. */
  private readonly classWeights: readonly number[] | undefined

  /**
   * @param experiment with its remedies applied.
   * @param classShares of each class among the training examples
   */
  constructor(
    private experiment: Experiment,
    readonly plan: Plan,
    classShares?: readonly number[]
  ) {
    const { training } = experiment
    this.classWeights = training.classWeights && classShares && balanced(classShares)
    this.loss = { entry: losses.get(training.loss.id), params: paramsOf(training.loss) }
    this.optimizer = { entry: optimizers.get(training.optimizer.id), params: paramsOf(training.optimizer) }
    this.hooks = new Hooks(training.hooks)
    for (const layer of plan.layers)
      for (const spec of layer.weights) {
        if (spec.trainable !== false) this.trainable.push(this.variables.length)
        this.add({ name: `${layer.id}/${spec.name}`, shape: spec.shape, spec })
      }
    const { slots, slotInit = 0 } = this.optimizer.entry
    for (const at of this.trainable) {
      const { name, shape } = this.variables[at]!
      this.add(...slots.map((slot) => ({ name: `${slot}/${name}`, shape, slot, slotInit })))
    }
    const settings = generatorOf(experiment)
    if (settings) {
      this.generator = new Generator(settings, plan.inputShape)
      this.add(...this.generator.variables)
      this.scalarNames.push('generatorRate')
    }
    this.head = this.generator ? [...HEAD, 'lipschitz'] : HEAD
    this.scalarValues.set('learningRate', training.optimizer['learningRate'] as number)
  }

  private add(...variables: Variable[]): void {
    for (const v of variables) this.at.set(v.name, this.variables.push(v) - 1)
  }

  /** Values of the variables before the first step. They are drawn once: nobody may change them. */
  initial(): Float32Array[] {
    return this.variables.map((v) => {
      const known = this.drawn.get(v)
      if (known) return known
      const value = initialValue(v, this.experiment.seed)
      if (v.spec) this.drawn.set(v, value)
      return value
    })
  }
  /** What a noise outside of steps is drawn by, int32 [2]: the seed is part of the graph then. */
  private constantNoise(tf: TF, name: string): Tensor {
    this.isNoisy = true
    return tf.tensor1d([noiseKey(this.experiment.seed, name), 0], 'int32')
  }
  /** What a noise of a step is drawn by, int32 [2]. @param counters those of the step */
  private noiseBy(tf: TF, name: string, counters: Tensor): Tensor {
    const at = this.noiseNames.indexOf(name)
    if (at < 0) throw new Error(`the noise ${name} was not asked for when the step was prepared`)
    return tf.gather(counters, tf.tensor1d([at + 1, 0], 'int32'))
  }
  /**
   * Names all that recorded functions of this model depend on: equal keys make equal graphs. @param rows numbers of
   * rows that functions are recorded for. @param seeded whether noise is drawn; default: as far as is known by now
   */
  graphKey(rows: readonly number[], seeded = this.isNoisy): string {
    const { data, network, training, seed } = this.experiment
    const { inputShape, outputShape } = this.plan
    const variables = this.variables.map((v) => [v.name, v.shape])
    const { loss, optimizer } = training
    const { learningRate: _, ...rest } = optimizer
    const step = [loss, rest, this.unfedHooks(this.experiment), this.scalarNames, this.classWeights]
    const about = [data, network.nodes, ...step, inputShape, outputShape, variables, rows]
    // What weights are drawn by is not in the graph: they are written into it.
    return JSON.stringify([...about, seeded ? seed : 'any'], (name, value: unknown) =>
      INITIALIZERS.has(name) ? undefined : value
    )
  }
  /** Hooks with those of their parameters that are not fed at each step. */
  private unfedHooks({ training }: Experiment): unknown {
    return training.hooks.map((h, i) =>
      Object.entries(h).filter(([k]) => !this.scalarNames.includes(`hooks.${i}.${k}`))
    )
  }
  /** The learning rate applied at a step. @param t 1 at the first step */
  learningRate(t: number, base = this.scalarValues.get('learningRate')!): number {
    const { schedule, steps } = this.experiment.training
    return learningRateAt(base, schedule, t - 1, steps)
  }
  /** True when the generator learns at a step. @param t 1 at the first step */
  generatorLearns(t: number): boolean {
    return this.generator?.learnsAt(t) ?? false
  }
  /** Integers that are fed at a step: its number, then the keys of its noise. @param t 1 at the first step */
  counters(t: number): Int32Array {
    this.noiseKeys ??= this.noiseNames.map((name) => noiseKey(this.experiment.seed, name))
    return Int32Array.of(t, ...this.noiseKeys)
  }
  /** Values of the fed scalars at a step. @param t 1 at the first step */
  scalars(t: number): Float32Array {
    return Float32Array.from(this.scalarNames, (name) => {
      switch (name) {
        case 't':
          return t
        case 'updates':
          return this.stepsBefore + t
        case 'learningRate':
          return this.learningRate(t)
        case 'generatorRate':
          return this.learningRate(t, this.generator!.learningRate)
        default:
          return this.scalarValues.get(name)!
      }
    })
  }
  /**
   * Takes over what is fed at each step: learning rate, schedule, parameters of hooks.
   * @returns false, and changes nothing, when the step itself would be another one and must be built anew.
   */
  retune(experiment: Experiment): boolean {
    const built = (e: Experiment): string => JSON.stringify([e.network.nodes, e.training.batchSize, this.unfedHooks(e)])
    if (built(experiment) !== built(this.experiment)) return false
    this.experiment = experiment
    this.scalarValues.set('learningRate', experiment.training.optimizer['learningRate'] as number)
    experiment.training.hooks.forEach((h, i) => {
      for (const [k, v] of Object.entries(h))
        if (this.scalarNames.includes(`hooks.${i}.${k}`)) this.scalarValues.set(`hooks.${i}.${k}`, v as number)
    })
    return true
  }
  /** Indices of the trainable weights among the variables. */
  get weights(): readonly number[] {
    return this.trainable
  }

  /**
   * Finds out, by one pass over two blank examples, which scalars and which noise are fed, which slots hooks have, and
   * what there is to measure.
   */
  prepare(tf: TF): void {
    const withZ = new Set<string>()
    const withStates = new Set<string>()
    tf.tidy(() => {
      const variables = this.initial().map((v, i) => tf.tensor(v, this.variables[i]!.shape))
      const scalar = (name: string, value: number): Scalar => {
        if (!this.scalarNames.includes(name)) {
          this.scalarNames.push(name)
          this.scalarValues.set(name, value)
        }
        return tf.scalar(value)
      }
      if (this.generator) this.noiseNames.push(...CRITIC_NOISES)
      const noise: StepScope['noise'] = (name, shape, kind) => {
        if (!this.noiseNames.includes(name)) this.noiseNames.push(name)
        return stepNoise(tf, shape, kind, tf.zeros([2], 'int32'))
      }
      const run = forwardPass(tf, this.plan, tf.zeros([2, ...this.plan.inputShape]), {
        weight: this.reader(variables),
        training: true,
        scalar,
        noise
      })
      for (const id of run.z.keys()) withZ.add(id)
      for (const id of run.probes.keys()) withStates.add(id)
      const list = this.weightsIn(variables).map(({ variable, value }) => ({
        ...nameAndRole(variable),
        gradient: value,
        weight: value,
        before: value
      }))
      const hooks = this.hooks.pass(tf, {
        learningRate: tf.scalar(0),
        step: tf.scalar(0),
        scalar,
        noise,
        stored: (name, shape) => this.hooks.declare(tf, name, shape),
        keep: (t) => t
      })
      hooks.penalties(list, this.generator && { gradientNorm: () => tf.ones([2]) })
      hooks.gradients(list)
      hooks.weights(list)
    })
    this.add(...this.hooks.variables)
    this.measurement = new Measurement(this.plan.layers, (layer) => {
      const there = new Set<Source>(['activation', 'activationGradient'])
      if (withStates.has(layer.id)) there.add('stateGradient')
      if (withZ.has(layer.id)) there.add('preActivation').add('preActivationGradient')
      if (weightsOfRole(layer, 'kernel').length) there.add('kernel').add('kernelGradient').add('kernelUpdate')
      if (weightsOfRole(layer, 'bias').length) there.add('bias').add('biasGradient')
      return there
    })
  }

  /** Variables by name out of their values in order. */
  private reader(values: readonly Tensor[]): (name: string) => Tensor {
    return (name) => values[this.at.get(name)!]!
  }
  private weightsIn(values: readonly Tensor[]): TrainableWeight[] {
    return this.trainable.map((at) => ({ variable: this.variables[at]!, value: values[at]! }))
  }
  private generatorOwn(values: readonly Tensor[]): Tensor[] {
    return this.generator!.variables.map((v) => values[this.at.get(v.name)!]!)
  }

  /** The network's output for some inputs, as in use after training. */
  predict(tf: TF, variables: readonly Tensor[], x: Tensor): Tensor {
    return forwardPass(tf, this.plan, x, {
      weight: this.reader(variables),
      training: false,
      scalar: (_name, value) => tf.scalar(value),
      noise: (name, shape, kind) => stepNoise(tf, shape, kind, this.constantNoise(tf, name))
    }).output
  }

  /** Generated points for some latent numbers, [count, …point]. */
  generate(tf: TF, variables: readonly Tensor[], latent: Tensor, real?: Tensor): Tensor {
    return this.generator!.points(tf, this.generatorOwn(variables), latent, real)
  }

  /** One training step. The caller disposes what it returns; all else is tidied. */
  step(tf: TF, input: StepInput, name = false): StepOutput {
    let scope!: StepScope
    let nextAt: number[] = []
    // `tidy` looks for tensors in plain containers only.
    const result = tf.tidy(() => {
      scope = new StepScope(tf, input, this.scalarNames, (noise) => this.noiseBy(tf, noise, input.counters))
      const { scalar, noise, draw, keep } = scope
      const { variables } = input
      const forward = { weight: this.reader(variables), training: true, scalar, noise }
      const critic =
        this.generator && new CriticStep(scope, this.plan, this.generator, this.generatorOwn(variables), forward)
      const weights = this.weightsIn(variables)
      const hooks = this.hooks.pass(tf, {
        learningRate: scalar('learningRate'),
        step: scalar('t'),
        scalar,
        noise,
        stored: (slot) => forward.weight(slot),
        keep
      })
      const values = weights.map((w) => w.value)
      const backward = backwardPass(scope, this.plan, critic?.x ?? input.x, values, forward, {
        fit: (output) =>
          this.loss.entry.forward(
            tf,
            this.classWeights ? weighted(tf, output, input.y, this.classWeights) : output,
            critic?.y ?? input.y,
            this.loss.params
          ),
        penalty: () => penalties(tf, weights, hooks, critic)
      })
      const gradients = values.map((w) => backward.gradientOf(w)!)
      const next = update(tf, this.optimizer, hooks, weights, gradients, {
        stored: forward.weight,
        learningRate: scalar('learningRate'),
        t: scalar('updates')
      })
      const flat = readout(
        tf,
        this.plan,
        this.measurement,
        backward,
        gradients,
        { before: forward.weight, after: (w) => next.get(w)! },
        critic && (() => largest(tf, critic.gradientNorm()))
      )
      for (const [w, value] of backward.run.state) next.set(w, value)
      if (critic && input.generatorLearns) {
        // It learns from the critic as this step leaves it.
        const weight = (w: string): Tensor => next.get(w) ?? forward.weight(w)
        const criticise = (points: Tensor): Tensor =>
          forwardPass(tf, this.plan, points, { ...forward, weight, noise: draw }).output
        generatorStep(scope, critic, criticise).forEach((t, i) => next.set(critic.generator.variables[i]!.name, t))
      }
      nextAt = [...next.keys()].map((w) => this.at.get(w)!)
      return {
        loss: tf.reshape(backward.loss, [1]) as Tensor,
        flat,
        next: [...next.values()],
        named: name ? namedTensors(scope, this.plan, backward, weights) : {}
      }
    })
    scope.release([...result.next, ...Object.values(result.named)])
    return {
      loss: result.loss,
      flat: result.flat,
      next: nextAt.map((at, i) => [at, result.next[i]!]),
      ...(name && { named: result.named })
    }
  }
}
