import { makeRng } from '../../base/random/rng'
import { InputError, problem } from '../../base/problems'
import type { Params } from '../../base/params'
import { sizeOf } from '../../base/sizeOf'
import type { DataInfo, Dataset } from './types'

/** Numbers in one example, and in all of them, at most. */
const MOST = { example: 1e6, all: 1e8 }

/** The shape that is written as "28, 28, 1". @throws InputError for anything else */
function shapeOf(p: Params): number[] {
  const shape = String(p.shape)
    .split(/[\s,×x]+/)
    .filter(Boolean)
    .map(Number)
  const bad = (en: string, zh: string): InputError => new InputError([problem('data.dataset.shape', en, zh)])
  if (!shape.length || shape.length > 3 || !shape.every((n) => Number.isSafeInteger(n) && n > 0))
    throw bad(
      `“${String(p.shape)}” must be one to three whole numbers, such as 28, 28, 1`,
      `“${String(p.shape)}” 应为一至三个整数，例如 28, 28, 1`
    )
  const size = sizeOf(shape)
  if (size > MOST.example || size * (p.count as number) > MOST.all)
    throw bad('holds too many numbers: take fewer examples or a smaller shape', '数值过多：请减少样本或缩小形状')
  return shape
}

function describe(p: Params): DataInfo {
  const shape = shapeOf(p)
  const symbols = p.symbols as number
  if (symbols && shape.length !== 1)
    throw new InputError([
      problem(
        'data.dataset.shape',
        'is the number of time steps alone where there are symbols',
        '使用符号时只写时间步数'
      )
    ])
  const outputs = p.outputs as number
  const steps = p.steps as number
  if (steps * outputs * (p.count as number) > MOST.all)
    throw new InputError([
      problem(
        'data.dataset.steps',
        'makes too many numbers of the targets: take fewer examples, steps or outputs',
        '目标数值过多：请减少样本、步数或输出'
      )
    ])
  const isClasses = p.targets === 'classes'
  return {
    inputShape: shape,
    targetShape: [...(steps ? [steps] : []), p.targets === 'yesNo' ? 1 : outputs],
    task: isClasses ? 'multiclass' : p.targets === 'yesNo' ? 'binary' : 'regression',
    count: p.count as number,
    ...(isClasses && { classes: Array.from({ length: outputs }, (_, i) => String(i)) }),
    ...(p.targets === 'yesNo' && { classes: ['0', '1'] }),
    ...(shape.length === 2 && { timeAxis: true }),
    ...(symbols && { symbols, timeAxis: true })
  }
}

const randomData: Dataset = {
  id: 'randomData',
  name: { en: 'Random data of a shape', zh: '指定形状的随机数据' },
  doc: {
    en: 'Standard normal inputs of any shape, or ids of symbols, and targets that have nothing to do with them: for a look at a network before its own data are at hand. There is nothing to learn but the examples themselves.',
    zh: '任意形状的标准正态输入（或符号编号），以及与之无关的目标：在没有自己的数据时先查看网络。除样本本身外没有可学的规律。'
  },
  fields: {
    count: {
      type: 'number',
      default: 256,
      integer: true,
      min: 2,
      max: 100_000,
      log: true,
      label: { en: 'Examples', zh: '样本数' }
    },
    shape: {
      type: 'text',
      default: '8',
      label: { en: 'Shape', zh: '形状' },
      help: {
        en: 'Of one example: 8 · 20, 3 (steps, features) · 28, 28, 1 (height, width, channels).',
        zh: '单个样本的形状：8 · 20, 3（步数, 特征）· 28, 28, 1（高, 宽, 通道）。'
      }
    },
    symbols: {
      type: 'number',
      default: 0,
      integer: true,
      min: 0,
      max: 1_000_000,
      label: { en: 'Symbols', zh: '符号数' },
      zero: { en: 'numbers', zh: '数值' },
      help: { en: 'More than 0: inputs are ids of so many symbols.', zh: '大于 0：输入为这么多符号的编号。' }
    },
    targets: {
      type: 'choice',
      default: 'numbers',
      options: [
        { id: 'numbers', label: { en: 'Numbers', zh: '数值' } },
        { id: 'classes', label: { en: 'Classes', zh: '类别' } },
        { id: 'yesNo', label: { en: 'Yes or no', zh: '是或否' } }
      ],
      label: { en: 'Targets', zh: '目标' }
    },
    outputs: {
      type: 'number',
      default: 1,
      integer: true,
      min: 1,
      max: 10_000,
      log: true,
      label: { en: 'Outputs', zh: '输出数' },
      help: { en: 'Numbers in a target, or classes.', zh: '目标中的数值个数，或类别数。' },
      when: ({ targets }) => targets !== 'yesNo'
    },
    steps: {
      type: 'number',
      default: 0,
      integer: true,
      min: 0,
      max: 100_000,
      label: { en: 'Steps with a target', zh: '带目标的步数' },
      zero: { en: 'one target an example', zh: '每个样本一个目标' },
      help: {
        en: 'More than 0: each example has a target at so many time steps, as a network gives that returns its sequence.',
        zh: '大于 0：每个样本在这么多时间步上各有一个目标，对应返回整个序列的网络。'
      },
      advanced: true
    }
  },
  version: 2,
  standardize: false,
  python: 'values',
  describe,
  load(p, { seed }) {
    const info = describe(p)
    const inputs = makeRng(seed, 'data/x')
    const targets = makeRng(seed, 'data/y')
    const { count, symbols = 0, task } = info
    const x = Float32Array.from({ length: count * sizeOf(info.inputShape) }, () =>
      symbols ? Math.floor(inputs.uniform() * symbols) : inputs.normal()
    )
    const width = info.targetShape.at(-1)!
    const rows = (count * sizeOf(info.targetShape)) / width
    const y = new Float32Array(rows * width)
    for (let i = 0; i < rows; i++)
      if (task === 'multiclass') y[i * width + Math.floor(targets.uniform() * width)] = 1
      else
        for (let j = 0; j < width; j++)
          y[i * width + j] = task === 'binary' ? Number(targets.uniform() < 0.5) : targets.normal()
    return { ...info, x, y }
  }
}
export default randomData
