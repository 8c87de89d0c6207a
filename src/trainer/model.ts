import { datasets } from '../shared/catalog/datasets'
import { INPUT, type Experiment, type Plan, type PlanLayer } from '../shared/experiment'
import { initializers } from '../shared/catalog/initializers'
import type { ForwardContext, ForwardResult, WeightSpec } from '../shared/catalog/layers/types'
import { losses } from '../shared/catalog/losses'
import { native, withGradient } from '../shared/base/native'
import { optimizers } from '../shared/catalog/optimizers'
import type { Spec } from '../shared/base/params'
import { makeRng } from '../shared/base/random/rng'
import '../shared/clinic/remedies'
import { learningRateAt } from '../shared/catalog/schedules'
import type { NamedGradient } from '../shared/experiment/remedies'
import { globalNorm } from '../shared/catalog/statistics/parts/fused'
import type { Source } from '../shared/catalog/statistics/types'
import type { Scalar, TF, Tensor } from '../shared/base/tf'
import { Hooks, type HookPass } from './model/hooks'
import { makeShare, Measurement, type Sources } from './measure'
import { Opponent } from './opponent'
import { largest, slopesBetween } from './slopes'

/** A tensor that lives through the run: a weight, or a part of the state of the optimizer or of a hook. */
export interface Variable {
  /** `layer/weight`, `slot/layer/weight`, or `hooks/remedy/slot`. */
  name: string
  shape: number[]
  /** Of a weight. */
  spec?: WeightSpec
  /** Of state: what it is part of. */
  slot?: string
  /** Of state: what it starts at. */
  slotInit?: number
}
export interface StepInput {
  /** In the order of `Model.variables`. */
  variables: Tensor[]
  x: Tensor
  y: Tensor
  /** Values of `Model.scalarNames`. */
  scalars: Tensor
  /** The step number, int32 [1]: what noise is drawn by. */
  tick: Tensor
  /** True when the generator learns in this step too. */
  generator?: boolean
}
export interface StepOutput {
  /** [loss]: what is read at a step that isn't recorded. */
  loss: Tensor
  /** The values of `Model.head`, all statistics, then the network's output (a critic's: on real points, then on generated ones), in one vector. */
  flat: Tensor
  /** [index of variable, its new value] */
  next: [number, Tensor][]
  /** Everything by a readable name; only when asked for. */
  named?: Record<string, Tensor>
}
/** What precedes the statistics in `StepOutput.flat`; for a critic its largest measured slope follows. */
const HEAD = ['loss', 'penalty', 'gradientNorm']

interface Forward {
  h: Map<string, Tensor>
  z: Map<string, Tensor>
  /** By layer: zeros that stand for the states and pre-activations of each time step. */
  probes: Map<string, NonNullable<ForwardResult['probes']>>
  state: [number, Tensor][]
  output: Tensor
}
const withoutId = (s: Spec): Record<string, unknown> => {
  const { id: _, ...params } = s
  return params
}

/** Some matrices, drawn one after another, as one: columns of the first, then of the second … */
function sideBySide(shape: number[], blocks: number, sample: (shape: number[]) => Float32Array): Float32Array {
  if (blocks === 1) return sample(shape)
  const cols = shape[shape.length - 1]!
  const part = cols / blocks
  const rows = shape.reduce((a, b) => a * b, 1) / cols
  const out = new Float32Array(rows * cols)
  for (let b = 0; b < blocks; b++) {
    const own = sample([...shape.slice(0, -1), part])
    for (let r = 0; r < rows; r++) out.set(own.subarray(r * part, (r + 1) * part), r * cols + b * part)
  }
  return out
}

/**
 * One experiment as functions of tensors. Everything here is pure: the step takes the variables and gives their new values, and changes nothing.
 * So it can be run as it is, or recorded once and replayed.
 */
export class Model {
  readonly variables: Variable[] = []
  /** Scalars that are fed at each step. */
  readonly scalarNames: string[] = ['learningRate', 't']
  private readonly scalarValues = new Map<string, number>()
  private readonly weightAt = new Map<string, number>()
  private readonly trainable: number[] = []
  private readonly slotAt = new Map<string, number>()
  private readonly hooks: Hooks
  /** Index of the hooks' first variable. */
  private readonly hooksFrom: number
  private readonly loss
  private readonly optimizer
  private readonly slotNames: string[]
  private withZ = new Set<string>()
  /** What a critic is trained against; undefined for every other task. */
  readonly opponent: Opponent | undefined
  /** Index of the opponent's first variable. */
  private readonly opponentFrom: number
  /** What precedes the statistics in `StepOutput.flat`. */
  readonly head: readonly string[]
  private withStates = new Set<string>()
  /** Set by `prepare`. */
  measurement!: Measurement

  /** @param experiment with its remedies applied. */
  constructor(
    private experiment: Experiment,
    readonly plan: Plan
  ) {
    const { training } = experiment
    this.loss = { entry: losses.get(training.loss.id), params: withoutId(training.loss) }
    this.optimizer = { entry: optimizers.get(training.optimizer.id), params: withoutId(training.optimizer) }
    this.slotNames = this.optimizer.entry.slots
    this.hooks = new Hooks(training.hooks)
    for (const layer of plan.layers)
      for (const spec of layer.weights) {
        const at = this.variables.push({ name: `${layer.id}/${spec.name}`, shape: spec.shape, spec }) - 1
        this.weightAt.set(`${layer.id}/${spec.name}`, at)
        if (spec.trainable !== false) this.trainable.push(at)
      }
    for (const at of this.trainable)
      for (const slot of this.slotNames) {
        const w = this.variables[at]!
        this.slotAt.set(
          `${slot}/${w.name}`,
          this.variables.push({
            name: `${slot}/${w.name}`,
            shape: w.shape,
            slot,
            slotInit: this.optimizer.entry.slotInit ?? 0
          }) - 1
        )
      }
    const { id, ...params } = experiment.data.dataset
    const generator = this.loss.entry.tasks.includes('critic') ? datasets.get(id).generator?.(params) : undefined
    this.opponent = generator && new Opponent(generator, plan.inputShape)
    this.opponentFrom = this.variables.length
    if (this.opponent) {
      this.variables.push(...this.opponent.variables)
      this.scalarNames.push('generatorRate')
    }
    this.hooksFrom = this.variables.length
    this.head = this.opponent ? [...HEAD, 'lipschitz'] : HEAD
    this.scalarValues.set('learningRate', training.optimizer['learningRate'] as number)
  }

  /** Variables before the first step: each weight from a generator of its own. */
  initial(): Float32Array[] {
    return this.variables.map(({ name, shape, spec, slotInit }) => {
      const size = shape.reduce((a, b) => a * b, 1)
      if (!spec) return new Float32Array(size).fill(slotInit!)
      const rng = makeRng(this.experiment.seed, `weights/${name}`)
      const sample = (s: number[]): Float32Array =>
        initializers.get(spec.init.id).sample(s, spec.fanIn, spec.fanOut, rng, withoutId(spec.init))
      return sideBySide(shape, spec.blocks ?? 1, sample)
    })
  }
  /** The learning rate applied at a step. @param t 1 at the first step */
  learningRate(t: number, base = this.scalarValues.get('learningRate')!): number {
    const { schedule, steps } = this.experiment.training
    return learningRateAt(base, schedule, t - 1, steps)
  }
  /** True when the generator learns at a step. @param t 1 at the first step */
  generatorLearns(t: number): boolean {
    return this.opponent?.learnsAt(t) ?? false
  }
  /** Values of the fed scalars at a step. @param t 1 at the first step */
  scalars(t: number): Float32Array {
    return Float32Array.from(this.scalarNames, (n) =>
      n === 't'
        ? t
        : n === 'learningRate'
          ? this.learningRate(t)
          : n === 'generatorRate'
            ? this.learningRate(t, this.opponent!.learningRate)
            : this.scalarValues.get(n)!
    )
  }
  /**
   * Takes over what is fed at each step: learning rate, schedule, parameters of hooks.
   * @returns false, and changes nothing, when the step itself would be another one and must be built anew.
   */
  retune(experiment: Experiment): boolean {
    const built = (e: Experiment): string =>
      JSON.stringify([
        e.network.nodes,
        e.training.batchSize,
        e.training.hooks.map((h, i) => Object.entries(h).filter(([k]) => !this.scalarNames.includes(`hooks.${i}.${k}`)))
      ])
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

  /** Finds out, by one forward pass over two blank examples, which scalars are fed and what there is to measure. */
  prepare(tf: TF): void {
    tf.tidy(() => {
      const variables = this.initial().map((v, i) => tf.tensor(v, this.variables[i]!.shape))
      const ask = (name: string, value: number): Scalar => {
        if (!this.scalarNames.includes(name)) {
          this.scalarNames.push(name)
          this.scalarValues.set(name, value)
        }
        return tf.scalar(value)
      }
      const tick = tf.tensor1d([0], 'int32')
      const run = this.forward(tf, variables, tf.zeros([2, ...this.plan.inputShape]), true, ask, tick)
      this.withZ = new Set(run.z.keys())
      this.withStates = new Set(run.probes.keys())
      const list = this.trainable.map((at) => ({
        ...this.named(at),
        gradient: variables[at]!,
        weight: variables[at]!,
        before: variables[at]!
      }))
      const hooks = this.hooks.pass(tf, {
        learningRate: tf.scalar(0),
        step: tf.scalar(0),
        scalar: ask,
        noise: (name, shape, kind) => this.noise(tf, name, shape, kind, tick),
        stored: (name, shape) => this.hooks.declare(tf, name, shape),
        keep: (t) => t
      })
      hooks.gradients(list)
      hooks.weights(list)
      hooks.penalties(list, this.opponent && { gradientNorm: () => tf.ones([2]) })
      this.variables.push(...this.hooks.variables)
    })
    this.measurement = new Measurement(this.plan.layers, (layer) => {
      const there = new Set<Source>(['activation', 'activationGradient'])
      if (this.withStates.has(layer.id)) there.add('stateGradient')
      if (this.withZ.has(layer.id)) there.add('preActivation').add('preActivationGradient')
      if (this.ofRole(layer, 'kernel').length) there.add('kernel').add('kernelGradient').add('kernelUpdate')
      if (this.ofRole(layer, 'bias').length) there.add('bias').add('biasGradient')
      return there
    })
  }

  /** Index of a hook's slot among the variables. */
  private hookSlot(name: string): number {
    const at = this.hooks.variables.findIndex((v) => v.name === name)
    if (at < 0) throw new Error(`${name} was not asked for when the step was prepared`)
    return this.hooksFrom + at
  }
  private named(at: number): Pick<NamedGradient, 'name' | 'role'> {
    const v = this.variables[at]!
    return { name: v.name, role: v.spec!.role }
  }
  private ofRole(layer: PlanLayer, role: WeightSpec['role']): number[] {
    return layer.weights
      .filter((w) => w.role === role && w.trainable !== false)
      .map((w) => this.weightAt.get(`${layer.id}/${w.name}`)!)
  }

  private forward(
    tf: TF,
    variables: readonly Tensor[],
    x: Tensor,
    training: boolean,
    scalar: (name: string, value: number) => Scalar,
    tick: Tensor,
    noises?: Record<string, Tensor>
  ): Forward {
    const out: Forward = { h: new Map([[INPUT, x]]), z: new Map(), probes: new Map(), state: [], output: x }
    for (const layer of this.plan.layers) {
      const w = Object.fromEntries(
        layer.weights.map((s) => [s.name, variables[this.weightAt.get(`${layer.id}/${s.name}`)!]!])
      )
      const inputs = layer.inputs.map((i) => out.h.get(i)!)
      const ctx: ForwardContext = {
        training,
        scalar: (name) => scalar(`layers.${layer.id}.${name}`, layer.params[name] as number),
        noise: (name, shape, kind) => {
          const t = this.noise(tf, `${layer.id}/${name}`, shape, kind, tick)
          if (noises) noises[`noise/${layer.id}/${name}`] = t
          return t
        },
        probe: (_name, shape) => tf.zeros(shape),
        cut: (t) =>
          withGradient(
            tf,
            [t],
            () => tf.clone(t),
            (dy) => [tf.zerosLike(dy)]
          )
      }
      const { h, z, state, probes } = layer.kind.forward(tf, layer.params, inputs, w, ctx)
      // A layer that hands its input on still has an output, and a gradient, of its own.
      out.h.set(layer.id, inputs.includes(h) ? tf.clone(h) : h)
      if (z) out.z.set(layer.id, z)
      if (probes) out.probes.set(layer.id, probes)
      for (const [name, value] of Object.entries(state ?? {}))
        out.state.push([this.weightAt.get(`${layer.id}/${name}`)!, value])
    }
    out.output = out.h.get(this.plan.output!)!
    return out
  }

  /** Counter-based (Philox) noise: a pure function of the seed, the name and the step. */
  private noise(tf: TF, name: string, shape: number[], kind: 'uniform' | 'normal', tick: Tensor): Tensor {
    const key = makeRng(this.experiment.seed, `noise/${name}`).below(2147483648)
    const seed = tf.concat([tf.tensor1d([key], 'int32'), tick as never])
    const int32 = { type: 'int32' as const }
    return native(tf)!.op(
      kind === 'uniform' ? 'StatelessRandomUniform' : 'StatelessRandomNormal',
      [tf.tensor1d(shape, 'int32'), seed],
      { T: int32, Tseed: int32, dtype: { type: 'float32' } }
    )
  }

  /** The network's output for some inputs, as in use after training. */
  predict(tf: TF, variables: readonly Tensor[], x: Tensor): Tensor {
    const tick = tf.tensor1d([0], 'int32')
    return this.forward(tf, variables, x, false, (_name, value) => tf.scalar(value), tick).output
  }

  /** Generated points for some latent numbers, [count, …point]. */
  generate(tf: TF, variables: readonly Tensor[], latent: Tensor, real?: Tensor): Tensor {
    return this.opponent!.points(tf, variables.slice(this.opponentFrom, this.hooksFrom), latent, real)
  }

  /** One training step. The caller disposes what it returns; all else is tidied. */
  step(tf: TF, input: StepInput, name = false): StepOutput {
    const kept: Tensor[] = []
    const result = tf.tidy(() => {
      const { variables } = input
      const fed = new Map(tf.unstack(input.scalars).map((s, i) => [this.scalarNames[i]!, s as Scalar]))
      const scalar = (n: string): Scalar => fed.get(n)!
      const before = this.trainable.map((at) => variables[at]!)
      const noises: Record<string, Tensor> = {}
      let run!: Forward
      let penalty: Scalar | undefined
      // Tensors made on the way are added to `xs` while the pass runs, so one backward pass gives their gradients too: summed over all readers.
      const xs = [...before]
      const { opponent } = this
      const names: Record<string, Tensor> = {}
      const latent = (use: string): Tensor =>
        (noises[`noise/generator/${use}`] = this.noise(
          tf,
          `generator/${use}`,
          opponent!.latentShape(input.x.shape[0]!),
          'normal',
          input.tick
        ))
      const own = variables.slice(this.opponentFrom, this.hooksFrom)
      const generated = opponent?.points(tf, own, latent('points'), input.x, names)
      const x = generated ? tf.concat([input.x, generated] as never[]) : input.x
      const y = generated ? tf.concat([input.y, tf.zerosLike(input.y)] as never[]) : input.y
      if (generated) names['generated'] = generated
      const criticise = (w: readonly Tensor[]) => (points: Tensor) =>
        this.forward(tf, w, points, true, scalar, input.tick).output
      let slopes: Tensor | undefined
      const slopesOf = (): Tensor => {
        if (slopes) return slopes
        const mix = (noises['noise/between'] = this.noise(
          tf,
          'between',
          [input.x.shape[0]!, ...this.plan.inputShape.map(() => 1)],
          'uniform',
          input.tick
        ))
        const made: Record<string, Tensor> = {}
        const output = (points: Tensor): Tensor => {
          const drawn: Record<string, Tensor> = {}
          const run = this.forward(tf, variables, points, true, scalar, input.tick, drawn)
          for (const [name, t] of Object.entries(drawn)) names[`between/${name}`] = tf.keep(t)
          kept.push(...Object.values(drawn))
          return run.output
        }
        slopes = slopesBetween(tf, output, input.x, generated!, mix, made)
        for (const t of [slopes, mix, ...Object.values(made)]) kept.push(tf.keep(t))
        Object.assign(names, made)
        return slopes
      }
      const hooks = this.hooks.pass(tf, {
        learningRate: scalar('learningRate'),
        step: scalar('t'),
        scalar,
        noise: (name, shape, kind) => (noises[`noise/${name}`] = this.noise(tf, name, shape, kind, input.tick)),
        stored: (name) => variables[this.hookSlot(name)]!,
        keep: (t) => {
          kept.push(tf.keep(t))
          return t
        }
      })
      const { value: loss, grads } = tf.engine().gradients(
        () => {
          run = this.forward(tf, variables, x, true, scalar, input.tick, noises)
          const probes = [...run.probes.values()].flatMap((p) => (p.z ? [p.h, p.z] : [p.h]))
          for (const t of [
            ...run.h.values(),
            ...run.z.values(),
            ...probes,
            ...run.state.map(([, s]) => s),
            ...Object.values(noises)
          ])
            if (t !== x) kept.push(tf.keep(t))
          for (const l of this.plan.layers) {
            xs.push(run.h.get(l.id)!)
            if (run.z.has(l.id)) xs.push(run.z.get(l.id)!)
          }
          xs.push(...probes)
          const fit = this.loss.entry.forward(tf, run.output, y, this.loss.params)
          const penalise = (term: Scalar): void => void (penalty = penalty ? (tf.add(penalty, term) as Scalar) : term)
          for (const at of this.trainable) {
            const { l2 } = this.variables[at]!.spec!
            if (l2) penalise(tf.mul(tf.sum(tf.square(variables[at]!)), l2) as Scalar)
          }
          const weights = this.trainable.map((at) => ({ ...this.named(at), weight: variables[at]! }))
          hooks.penalties(weights, opponent && { gradientNorm: slopesOf }).forEach(penalise)
          if (penalty) kept.push(tf.keep(penalty))
          return penalty ? tf.add(fit, penalty) : fit
        },
        xs,
        undefined,
        true
      )
      const gradientOf = new Map(xs.map((t, i) => [t.id, grads[i] ?? tf.zerosLike(t)]))
      const gradients = before.map((t) => gradientOf.get(t.id)!)
      const after = this.update(tf, before, gradients, variables, scalar, hooks)

      const share = makeShare()
      const gradientNorm = globalNorm(tf, gradients, share)
      const values = this.measurement.compute(tf, this.sources(tf, run, gradientOf, variables, after.weights), share)
      const head = [
        loss as Scalar,
        penalty ?? tf.scalar(0),
        gradientNorm,
        ...(opponent ? [largest(tf, slopesOf())] : [])
      ]
      const flat = tf.concat([tf.stack(head), ...values, tf.reshape(run.output, [-1])] as never[]) as Tensor
      const next: [number, Tensor][] = [
        ...after.weights,
        ...after.slots,
        ...[...hooks.next].map(([name, t]): [number, Tensor] => [this.hookSlot(name), t]),
        ...run.state
      ]
      if (opponent && input.generator) {
        // It learns from the critic as this step leaves it.
        const now = variables.slice()
        for (const [at, t] of next) now[at] = t
        const keep = (t: Tensor): void => void kept.push(tf.keep(t))
        const learnt = opponent.learn(
          tf,
          own,
          latent('update'),
          criticise(now),
          { learningRate: scalar('generatorRate'), t: scalar('t') },
          names,
          keep
        )
        next.push(...learnt.map((t, i): [number, Tensor] => [this.opponentFrom + i, t]))
      }
      const lossVector = tf.reshape(loss, [1])
      const named = name ? this.nameAll(input, run, gradientOf, { ...noises, ...names }) : undefined
      // `tidy` looks for tensors in plain containers only.
      return {
        loss: lossVector as Tensor,
        flat: flat as Tensor,
        nextAt: next.map(([at]) => at),
        next: next.map(([, t]) => t),
        ...(named && { named })
      } as never
    }) as unknown as { loss: Tensor; flat: Tensor; nextAt: number[]; next: Tensor[]; named?: Record<string, Tensor> }
    const used = new Set([...result.next, ...Object.values(result.named ?? {})])
    for (const t of new Set(kept)) if (!used.has(t)) t.dispose()
    return {
      loss: result.loss,
      flat: result.flat,
      next: result.nextAt.map((at, i) => [at, result.next[i]!]),
      ...(result.named && { named: result.named })
    }
  }

  private update(
    tf: TF,
    before: Tensor[],
    gradients: Tensor[],
    variables: readonly Tensor[],
    scalar: (n: string) => Scalar,
    hooks: HookPass
  ): { weights: [number, Tensor][]; slots: [number, Tensor][] } {
    const now = hooks.gradients(
      gradients.map((gradient, i) => ({ ...this.named(this.trainable[i]!), gradient, weight: before[i]! }))
    )
    const slots: [number, Tensor][] = []
    const updated = before.map((w, i) => {
      const own = this.slotNames.map(
        (n) => [n, this.slotAt.get(`${n}/${this.variables[this.trainable[i]!]!.name}`)!] as const
      )
      const state = Object.fromEntries(own.map(([n, at]) => [n, variables[at]!]))
      const next = this.optimizer.entry.update(
        tf,
        { w, g: now[i]!, slots: state, learningRate: scalar('learningRate'), t: scalar('t') },
        this.optimizer.params
      )
      for (const [n, at] of own) slots.push([at, next.slots[n]!])
      return next.w
    })
    const weights = hooks.weights(
      updated.map((weight, i) => ({ ...this.named(this.trainable[i]!), weight, before: before[i]! }))
    )
    return { weights: weights.map((w, i) => [this.trainable[i]!, w]), slots }
  }

  private sources(
    tf: TF,
    run: Forward,
    gradientOf: Map<number, Tensor>,
    variables: readonly Tensor[],
    after: [number, Tensor][]
  ): Sources[] {
    const joined = (list: Tensor[]): Tensor | undefined =>
      list.length > 1 ? tf.concat(list.map((t) => tf.reshape(t, [-1]))) : list[0]
    const newValue = new Map(after)
    return this.plan.layers.map((layer) => {
      const kernels = this.ofRole(layer, 'kernel')
      const biases = this.ofRole(layer, 'bias')
      const h = run.h.get(layer.id)!
      const z = run.z.get(layer.id)
      const probes = run.probes.get(layer.id)
      const all: Record<Source, Tensor | undefined> = {
        activation: h,
        preActivation: z,
        activationGradient: gradientOf.get(h.id),
        preActivationGradient: z && gradientOf.get((probes?.z ?? z).id),
        stateGradient: probes && gradientOf.get(probes.h.id),
        kernel: joined(kernels.map((at) => variables[at]!)),
        kernelGradient: joined(kernels.map((at) => gradientOf.get(variables[at]!.id)!)),
        kernelUpdate: joined(kernels.map((at) => tf.sub(newValue.get(at)!, variables[at]!))),
        bias: joined(biases.map((at) => variables[at]!)),
        biasGradient: joined(biases.map((at) => gradientOf.get(variables[at]!.id)!))
      }
      return all as Sources
    })
  }

  private nameAll(
    input: StepInput,
    run: Forward,
    gradientOf: Map<number, Tensor>,
    noises: Record<string, Tensor>
  ): Record<string, Tensor> {
    const out: Record<string, Tensor> = {}
    for (const { id } of this.plan.layers) {
      const [h, z, probes] = [run.h.get(id)!, run.z.get(id), run.probes.get(id)]
      out[`activations/${id}`] = h
      out[`activation_gradients/${id}`] = gradientOf.get(h.id)!
      if (z) {
        out[`pre_activations/${id}`] = z
        out[`pre_activation_gradients/${id}`] = gradientOf.get((probes?.z ?? z).id)!
      }
      if (probes) out[`state_gradients/${id}`] = gradientOf.get(probes.h.id)!
    }
    for (const at of this.trainable)
      out[`weight_gradients/${this.variables[at]!.name}`] = gradientOf.get(input.variables[at]!.id)!
    return { ...out, ...noises }
  }
}
