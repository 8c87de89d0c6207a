import { isUnwritable, moduleText, number, quoted, type Definitions } from '../../base/python'
import { paramsOf } from '../../base/params'
import { losses } from '../../catalog/losses'
import { optimizers } from '../../catalog/optimizers'
import { remedies, type TorchHook } from '../../experiment/remedies'
import { goesOnFrom } from '../parts'
import { namingCritic } from '../critic'
import type { Taken } from '../types'
import { imports, type TorchModel } from './model'
import { rateOf } from '../rate'
import type { TorchCritic } from './critic'
import { refuseTorch as refuse } from '../refuse'

/** λ·Σw² of the layers that ask for it, as terms of the loss. */
function squares({ plan }: Taken, { places }: TorchModel): string[] {
  const kernels = plan.layers.flatMap((l) => l.weights.filter((w) => w.role === 'kernel').map((w) => ({ l, w })))
  const values = [...new Set(kernels.map(({ w }) => w.l2 ?? 0))]
  if (values.length === 1)
    return values[0] ? [`${number(values[0])} * sum(w.square().sum() for w in kernels(model))`] : []
  return kernels
    .filter(({ w }) => w.l2)
    .map(
      ({ l, w }) => `${number(w.l2)} * model.get_parameter("${places.get(`${l.id}/${w.name}`)!.key}").square().sum()`
    )
}

/** What hooks do, in their order. */
function hooksOf({ experiment: { training } }: Taken, { places }: TorchModel): TorchHook[] {
  const inputAxes = [...places.values()].some((p) => p.outputsLast)
    ? 'tuple(range(w.dim()))[:-1] if name in OUTPUTS_LAST else tuple(range(1, w.dim()))'
    : 'tuple(range(1, w.dim()))'
  return training.hooks.map((spec, i) => {
    const { python, name } = remedies.get(spec.id)
    const write = python!.torch
    return isUnwritable(write) ? refuse(`training.hooks.${i}`, name, write.why) : write(paramsOf(spec), { inputAxes })
  })
}

/** Rare classes count more in the gradient, not in the loss that is told. */
const weighted = (classes: readonly number[]): string[] => [
  '    if output.requires_grad:',
  '        # Rare classes count more in the gradient; the loss that is told stays the mean.',
  ...(classes.length === 2
    ? [
        '    # A single output: the weights of its classes 0 and 1.',
        '        row = CLASS_WEIGHTS[0] + (CLASS_WEIGHTS[1] - CLASS_WEIGHTS[0]) * target'
      ]
    : ['        row = (target * CLASS_WEIGHTS).sum(dim=-1, keepdim=True)']),
  '        output.register_hook(lambda gradient: gradient * row)'
]

/**
 * `train.py`.
 * @param model the network, or the critic
 * @param critic what it takes to train it as one
 * @throws InputError naming what can't be written
 */
export function torchTrain(taken: Taken, model: TorchModel, critic?: TorchCritic): string {
  const { training } = taken.experiment
  const [loss, optimizer] = [losses.get(training.loss.id), optimizers.get(training.optimizer.id)]
  if (isUnwritable(loss.python.torch)) return refuse('training.loss', loss.name, loss.python.torch.why)
  if (isUnwritable(optimizer.python.torch))
    return refuse('training.optimizer', optimizer.name, optimizer.python.torch.why)
  const made = optimizer.python.torch(paramsOf(training.optimizer))
  const hooks = hooksOf(taken, model)
  const rate = rateOf(taken, 'torch')
  const terms = [...squares(taken, model), ...hooks.flatMap((h) => h.penalty ?? [])]
  const gradients = hooks.flatMap((h) => h.gradients ?? [])
  const weights = hooks.flatMap((h) => h.weights ?? [])
  const usesRate = weights.some((l) => /\brate\b/.test(l))
  const usesBefore = weights.some((l) => /\bbefore\b/.test(l))
  const single = taken.data.targetShape[taken.data.targetShape.length - 1] === 1
  const each = [...(rate ? ['group["lr"] = learning_rate(step)'] : []), ...(made.each ?? [])]
  const defined: Definitions = Object.assign({}, made.define, critic?.define, ...hooks.map((h) => h.define ?? {}))
  // What is trained, and by what: a critic and its generator, each with an optimizer of its own.
  const [net, updates] = critic ? ['pair', critic.generator ? 'optimizers' : 'optimizer'] : ['model', 'optimizer']
  const before = goesOnFrom(taken, made)
  const constants = [
    `STEPS = ${number(training.steps)}`,
    ...(before ? [`STEPS_BEFORE = ${before.steps}`] : []),
    ...(critic?.constants ?? []),
    ...(rate || usesRate ? [`LEARNING_RATE = ${number(training.optimizer['learningRate'])}`] : []),
    ...(taken.classWeights ? [`CLASS_WEIGHTS = torch.tensor([${taken.classWeights.map(number).join(', ')}])`] : [])
  ]
  const statements = [
    ...(critic?.unpack ?? []).map((l) => `    ${l}`),
    ...(usesRate ? [`    rate = ${rate ? 'learning_rate(step)' : 'LEARNING_RATE'}`] : []),
    ...(each.some((l) => /\bt\b/.test(l)) ? [`    t = ${before ? 'STEPS_BEFORE + ' : ''}step + 1`] : []),
    ...(each.length ? ['    for group in optimizer.param_groups:', ...each.map((l) => `        ${l}`)] : []),
    '    optimizer.zero_grad()',
    `    loss = loss_of(${net}, x, target)`,
    '    loss.backward()',
    ...gradients.map((l) => `    ${l}`),
    ...(usesBefore ? ['    before = {w: w.detach().clone() for w in model.parameters()}'] : []),
    '    optimizer.step()',
    ...(weights.length ? ['    with torch.no_grad():', ...weights.map((l) => `        ${l}`)] : []),
    ...(critic?.turn ?? []).map((l) => `    ${l}`),
    '    return loss.item()'
  ]
  const step = [
    `def train_step(${net}, ${updates}, step, x, target):`,
    `    """One step, counted from 0. Returns the ${critic ? "critic's " : ''}loss before it."""`,
    ...(critic ? namingCritic(statements) : statements)
  ]
  const lossOf = [
    `def loss_of(${net}, x, target):`,
    ...(critic?.output ?? ['output = model(x)']).map((l) => `    ${l}`),
    ...(taken.classWeights ? weighted(taken.classWeights).filter((l) => single || !l.includes('single output')) : []),
    ...(terms.length
      ? [
          `    loss = ${loss.python.torch(paramsOf(training.loss), 1 + taken.data.targetShape.length)}`,
          ...terms.map((t) => `    loss = loss + ${t}`),
          '    return loss'
        ]
      : [`    return ${loss.python.torch(paramsOf(training.loss), 1 + taken.data.targetShape.length)}`])
  ]
  const main = [
    'def main():',
    '    (x, target), (held_x, held_target) = load()',
    `    ${net} = ${critic ? 'Pair' : 'Net'}()`,
    `    ${net}.load_state_dict(load_file("start.safetensors"))`,
    `    ${updates} = make_optimizer(${net})`,
    '    for step, batch in zip(range(STEPS), batches(x, target)):',
    `        loss = train_step(${net}, ${updates}, step, *batch)`,
    '        if step % max(1, STEPS // 20) == 0 or step == STEPS - 1:',
    '            print(f"step {step}: loss {loss:.6g}")',
    `    ${net}.eval()`,
    '    with torch.no_grad():',
    '        if len(held_x):',
    `            print(f"validation: loss {loss_of(${net}, held_x, held_target).item():.6g}")`,
    `    save_file(${net}.state_dict(), "trained.safetensors")`
  ]
  const maker = `def ${critic ? 'make_critic_optimizer' : 'make_optimizer'}(model):`
  const makes = before
    ? [
        maker,
        `    optimizer = ${made.make}`,
        '    # It goes on from the training of the model that was opened.',
        '    saved = load_file("optimizer.safetensors")',
        '    for name, w in model.named_parameters():',
        `        if f"${[...before.slots.keys()][0]!}/{name}" in saved:`,
        '            optimizer.state[w] = {',
        ...Object.entries(made.state).map(
          ([key, from]) => `                ${quoted(key)}: ${from.replace(/\{(\w+)\}/g, 'saved[f"$1/{name}"].to(w)')},`
        ),
        '            }',
        '    return optimizer'
      ]
    : [maker, `    return ${made.make}`]
  const texts = [...Object.values(defined), ...(rate ? [rate.join('\n')] : [])]
  const all = [lossOf, makes, ...(critic?.functions ?? []), step, main].map((l) => l.join('\n'))
  if ([...all, ...texts].some((t) => t.includes('kernels(')))
    texts.unshift('def kernels(model):\n    return [w for w in model.parameters() if w.dim() > 1]')
  // Of cells of their own and embeddings; PyTorch's layers keep the outputs on the first axis.
  const last = [...model.places.values()].filter((p) => p.outputsLast).map((p) => p.key)
  if (gradients.some((l) => l.includes('OUTPUTS_LAST')))
    constants.push(`OUTPUTS_LAST = (${last.map(quoted).join(', ')}${last.length === 1 ? ',' : ''})`)
  const code = [...texts, ...all, 'if __name__ == "__main__":\n    main()'].join('\n\n\n')
  const heads = imports([...constants, code].join('\n'), ['from safetensors.torch import load_file, save_file'])
  return moduleText([
    '"""Trains the network as Gradient Clinic did: same start, order and remedies."""',
    '',
    ...heads,
    '',
    'from data import batches, load',
    ...(critic?.generator ? ['from generator import Generator'] : []),
    'from model import Net',
    '',
    ...constants,
    '',
    '',
    code
  ])
}
