import { isUnwritable, moduleText, number, quoted, type Definitions } from '../../base/python'
import { paramsOf } from '../../base/params'
import { losses } from '../../catalog/losses'
import { optimizers } from '../../catalog/optimizers'
import type { KerasOptimizer } from '../../catalog/optimizers/types'
import { remedies, type KerasHook } from '../../experiment/remedies'
import { rateOf } from '../rate'
import { refuseKeras } from '../refuse'
import { goesOnFrom } from '../parts'
import { namingCritic } from '../critic'
import type { Taken } from '../types'
import type { KerasCritic } from './critic'
import { kerasImports } from './model'

/** What hooks do, in their order. @throws InputError naming one that can't be written */
const hooksOf = ({ experiment: { training } }: Taken): KerasHook[] =>
  training.hooks.map((spec, i) => {
    const { python, name } = remedies.get(spec.id)
    const write = python!.keras
    return isUnwritable(write) ? refuseKeras(`training.hooks.${i}`, name, write.why) : write(paramsOf(spec))
  })
/** The optimizer as Keras has it. @throws InputError when it can't be written */
export function optimizerOf(taken: Taken): KerasOptimizer {
  const { optimizer } = taken.experiment.training
  const { python, name } = optimizers.get(optimizer.id)
  if (isUnwritable(python.keras)) return refuseKeras('training.optimizer', name, python.keras.why)
  return python.keras(paramsOf(optimizer), rateOf(taken, 'keras') !== undefined)
}
/** Whether something in the training pulls biases towards 0. @throws InputError naming what can't be written */
export const pullsBiases = (taken: Taken): boolean =>
  !!optimizerOf(taken).pullsBiases || hooksOf(taken).some((h) => h.pullsBiases)

/** Rare classes count more in the gradient, not in the loss that is told. */
const weighted = (single: boolean): string[] => [
  '    # Rare classes count more in the gradient; the loss that is told stays the mean.',
  ...(single
    ? [
        '    # A single output: the weights of its classes 0 and 1.',
        '    row = CLASS_WEIGHTS[0] + (CLASS_WEIGHTS[1] - CLASS_WEIGHTS[0]) * target'
      ]
    : ['    row = ops.sum(target * ops.array(CLASS_WEIGHTS), axis=-1, keepdims=True)']),
  '    fixed = ops.stop_gradient(output)',
  '    output = fixed + row * (output - fixed)'
]

/** The gradients of a loss, for each library that Keras runs on. @param head of the function @param loss expression */
const gradientsFor = (head: string, loss: string): string => `${head}
    variables, states = model.trainable_variables, model.non_trainable_variables
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss = ${loss}
        gradients = tape.gradient(loss, variables, unconnected_gradients="zero")
        return loss, [ops.convert_to_tensor(g) for g in gradients]
    if keras.backend.backend() == "torch":
        import torch

        loss = ${loss}
        values = [v.value for v in variables]
        gradients = torch.autograd.grad(loss, values, materialize_grads=True)
        return loss.detach(), list(gradients)
    import jax

    def pure(values, others):
        pairs = [*zip(variables, values), *zip(states, others)]
        with keras.StatelessScope(state_mapping=pairs) as scope:
            loss = ${loss}
        return loss, [scope.get_current_value(v) for v in states]

    values, others = [v.value for v in variables], [v.value for v in states]
    grad = jax.value_and_grad(pure, has_aux=True)
    (loss, others), gradients = grad(values, others)
    for v, value in zip(states, others):
        v.assign(value)
    return loss, gradients`

const GRADIENTS = gradientsFor(
  `def gradients_of(model, x, target):
    """The loss of a batch, and its gradients, by the library that Keras runs on."""`,
  'loss_of(model, x, target)'
)
/** Those of a critic, and those of its generator. */
const DIFFERENTIATE = gradientsFor(
  `def differentiate(model, loss_now):
    """A loss, and its gradients by a model, by the library that Keras runs on."""`,
  'loss_now()'
)

/** Variables that remedies mean by "weights", as functions. */
const KERNELS = `def is_kernel(w):
    return w.name in ("kernel", "recurrent_kernel", "embeddings")`

/**
 * `train.py`.
 * @param start file of the weights before step 0
 * @param trained file that the trained model is saved in
 * @param critic what it takes to train a critic
 * @throws InputError naming what can't be written
 */
export function kerasTrain(taken: Taken, start: string, trained: string, critic?: KerasCritic): string {
  const { training } = taken.experiment
  const loss = losses.get(training.loss.id)
  if (isUnwritable(loss.python.keras)) return refuseKeras('training.loss', loss.name, loss.python.keras.why)
  const made = optimizerOf(taken)
  const hooks = hooksOf(taken)
  const rate = rateOf(taken, 'keras')
  const penalties = hooks.flatMap((h) => h.penalty ?? [])
  const gradients = hooks.flatMap((h) => h.gradients ?? [])
  const weights = hooks.flatMap((h) => h.weights ?? [])
  const usesRate = weights.some((l) => /\brate\b/.test(l))
  const usesBefore = weights.some((l) => /\bbefore\b/.test(l))
  const isFined = taken.plan.layers.some((l) => l.weights.some((w) => w.l2))
  const single = taken.data.targetShape[taken.data.targetShape.length - 1] === 1
  const defined: Definitions = Object.assign({}, made.define, critic?.define, ...hooks.map((h) => h.define ?? {}))
  const before = goesOnFrom(taken, made)
  // What is trained, and by what: a critic and its generator, each with an optimizer of its own.
  const [net, updates] = critic ? ['pair', critic.generator ? 'optimizers' : 'optimizer'] : ['model', 'optimizer']
  const constants = [
    `STEPS = ${number(training.steps)}`,
    ...(critic?.constants ?? []),
    ...(rate || usesRate ? [`LEARNING_RATE = ${number(training.optimizer['learningRate'])}`] : []),
    ...(taken.classWeights ? [`CLASS_WEIGHTS = [${taken.classWeights.map(number).join(', ')}]`] : [])
  ]
  const statements = [
    ...(critic?.unpack ?? []).map((l) => `    ${l}`),
    ...(usesRate ? [`    rate = ${rate ? 'learning_rate(step)' : 'LEARNING_RATE'}`] : []),
    ...(rate ? ['    optimizer.learning_rate = learning_rate(step)'] : []),
    '    variables = model.trainable_variables',
    `    loss, gradients = gradients_of(${net}, x, target)`,
    ...gradients.map((l) => `    ${l}`),
    ...(usesBefore ? ['    before = [ops.copy(ops.stop_gradient(w.value)) for w in variables]'] : []),
    '    optimizer.apply(gradients, variables)',
    ...weights.map((l) => `    ${l}`),
    ...(critic?.turn ?? []).map((l) => `    ${l}`),
    '    return float(loss)'
  ]
  const step = [
    `def train_step(${net}, ${updates}, step, x, target):`,
    `    """One step, counted from 0. Returns the ${critic ? "critic's " : ''}loss before it."""`,
    ...(critic ? namingCritic(statements) : statements)
  ]
  const lossOf = [
    `def loss_of(${net}, x, target, training=True):`,
    ...(critic?.output ?? ['output = model(x, training=training)', 'target = ops.convert_to_tensor(target)']).map(
      (l) => `    ${l}`
    ),
    ...(taken.classWeights ? weighted(single) : []),
    `    loss = ${loss.python.keras(paramsOf(training.loss))}`,
    ...penalties.map((t) => `    loss = loss + ${t}`),
    ...(isFined
      ? ['    # The penalties that layers ask for.', '    return loss + sum(model.losses)']
      : ['    return loss'])
  ]
  const main = [
    'def main():',
    '    (x, target), (held_x, held_target) = load()',
    ...(critic
      ? ['    pair = Pair()', `    ${updates} = make_optimizer(pair)`]
      : [
          '    model = build()',
          `    model.load_weights(${quoted(start)})`,
          '    optimizer = make_optimizer()',
          '    optimizer.build(model.trainable_variables)',
          ...(before ? ['    go_on(optimizer, model)'] : [])
        ]),
    '    for step, batch in zip(range(STEPS), batches(x, target)):',
    `        loss = train_step(${net}, ${updates}, step, *batch)`,
    '        if step % max(1, STEPS // 20) == 0 or step == STEPS - 1:',
    '            print(f"step {step}: loss {loss:.6g}")',
    '    if len(held_x):',
    `        loss = float(ops.stop_gradient(loss_of(${net}, held_x, held_target, training=False)))`,
    '        print(f"validation: loss {loss:.6g}")',
    `    ${critic ? 'pair.critic' : 'model'}.${trained.endsWith('.keras') ? 'save' : 'save_weights'}(${quoted(trained)})`,
    ...(critic?.save ?? []).map((l) => `    ${l}`)
  ]
  const makes = [`def ${critic ? 'make_critic_optimizer' : 'make_optimizer'}():`, `    return ${made.make}`]
  const goesOn = before && [
    'def go_on(optimizer, model):',
    '    """From the training of the model that was opened."""',
    `    optimizer.iterations.assign(${before.steps})`,
    '    names = [f"{a.name}/{w.name}" for a in model.layers for w in a.trainable_variables]',
    '    with np.load("optimizer.npz") as saved:',
    '        for i, name in enumerate(names):',
    ...Object.entries(made.state).map(
      ([key, from]) => `            optimizer.${key}[i].assign(${from.replace(/\{(\w+)\}/g, 'saved[f"$1/{name}"]')})`
    )
  ]
  const texts = [...Object.values(defined), ...(rate ? [rate.join('\n')] : [])]
  const all = [lossOf, makes, ...(goesOn ? [goesOn] : []), ...(critic?.functions ?? []), step, main].map((l) =>
    l.join('\n')
  )
  all.splice(1, 0, critic ? DIFFERENTIATE : GRADIENTS)
  const whole = [...texts, ...all].join('\n')
  const kernels = whole.includes('kernels(model)')
  if (kernels) texts.unshift('def kernels(model):\n    return [w for w in model.trainable_variables if is_kernel(w)]')
  if (kernels || whole.includes('is_kernel(')) texts.unshift(KERNELS)
  const code = [...texts, ...all, 'if __name__ == "__main__":\n    main()'].join('\n\n\n')
  return moduleText([
    '"""Trains the network as Gradient Clinic did: same start, order and remedies."""',
    '',
    ...kerasImports(code),
    '',
    'from data import batches, load',
    ...(critic?.generator ? ['from generator import build_generator'] : []),
    'from model import build',
    '',
    ...constants,
    '',
    '',
    code
  ])
}
