import type { Params } from '../../base/params'
import { problem, InputError, type Problem } from '../../base/problems'
import { idxRemarks, type IdxExamples } from './parts/idxRemarks'
import { FORMAT_BYTES, formatOf } from './parts/formats'
import { idxHeader, idxLabels, idxValues, type IdxLabels } from './parts/idx'
import { classTarget, codingField, putClass } from './toy/common'
import type { Data, DataContext, DataInfo, Dataset } from './types'

const IMAGES = 'data.dataset.images'
const LABELS = 'data.dataset.labels'
const EXAMPLES = 'data.dataset.examples'
/** Largest number of inputs: 1 GB of float32. The trainer holds a second copy. */
const MAX_VALUES = 2.5e8

/** Whether numbers are those of classes: all from 0 or 1 up to the last one, and most come again. */
function areLabels(values: Float32Array): boolean {
  const seen = new Set(values)
  const [least, most] = [Math.min(...seen), Math.max(...seen)]
  return (
    seen.size > 1 &&
    seen.size * 2 <= values.length &&
    (least === 0 || least === 1) &&
    most - least === seen.size - 1 &&
    values.every(Number.isInteger)
  )
}
const many = (n: number): string => n.toLocaleString('en')

/** The problem of a text in the place of an IDX file. */
function textFile(text: string, name: string, path: string): Problem {
  const format = text.trim() && formatOf(text.slice(0, FORMAT_BYTES), true)
  const line = JSON.stringify(text.trim().split('\n')[0]!.slice(0, 30))
  const [en, zh] = !text.trim()
    ? ['it is empty', '它是空的']
    : format
      ? [`it is ${format.en}`, `它是 ${format.zh}`]
      : [
          `it is text, such as ${line}; for a table choose the data set “CSV file”`,
          `它是文本，如 ${line}；表格请选择数据集“CSV 文件”`
        ]
  return problem(path, `"${name}" is not an IDX file: ${en}`, `“${name}”不是 IDX 文件：${zh}`)
}
function understand(p: Params, ctx: DataContext): IdxExamples {
  if (!p.images)
    throw new InputError([problem(IMAGES, 'needs a file of images in the IDX format', '需要 IDX 格式的图像文件')])
  const bytes = (name: unknown, path: string): Uint8Array => {
    if (!ctx.readFile) throw new InputError([problem(path, 'cannot be read here', '此处无法读取')])
    const content = ctx.readFile(name as string, path)
    if (typeof content === 'string') throw new InputError([textFile(content, name as string, path)])
    return content
  }
  const file = bytes(p.images, IMAGES)
  const head = idxHeader(file, IMAGES)
  const { size } = head
  const [total, ...one] = head.shape as [number, ...number[]]
  const count = Math.min(p.examples as number, total)
  const shown = one.length ? one.join(' × ') : '1'
  if (!one.length && areLabels(idxValues(file, IMAGES, total)))
    throw new InputError([
      problem(
        IMAGES,
        `holds one whole number an example, as labels do: choose the file of images that belongs to them`,
        `每个样本只有一个整数，像是标签：请选择对应的图像文件`
      )
    ])
  if (count * size > MAX_VALUES) {
    const most = Math.floor(MAX_VALUES / size)
    throw new InputError([
      most
        ? problem(
            EXAMPLES,
            `${many(count)} examples of ${shown} values are more than memory is likely to hold: read at most ${many(most)}`,
            `${many(count)} 个 ${shown} 的样本可能超出内存：请最多读取 ${many(most)} 个`
          )
        : problem(
            IMAGES,
            `one example has ${many(size)} values (${shown}), more than memory is likely to hold`,
            `一个样本有 ${many(size)} 个值（${shown}），可能超出内存`
          )
    ])
  }
  let inputShape = [size]
  if (p.shape === 'image') {
    if (one.length !== 2 && one.length !== 3)
      throw new InputError([
        problem(
          'data.dataset.shape',
          `an example of this file is ${shown} values: an image has rows and columns, and may have channels; choose "flat"`,
          `该文件的样本为 ${shown}：图像需有行和列（可有通道）；请选择“展平”`
        )
      ])
    const [first, second, third] = one as [number, number, number?]
    if (third !== undefined && (first === 1 || first === 3 || first === 4) && second >= 8 && third >= 8)
      throw new InputError([
        problem(
          'data.dataset.shape',
          `an example of this file is ${shown} values, which looks as if its ${first === 1 ? 'channel' : `${first} channels`} stood first: an image here is rows × columns × channels; write the file so, or choose "flat"`,
          `该文件的样本为 ${shown}，看似通道在前（${first} 个）：此处图像为行 × 列 × 通道；请按此写出文件，或选择“展平”`
        )
      ])
    inputShape = one.length === 2 ? [...one, 1] : one
  } else if (p.shape === 'rows') {
    if (one.length !== 2)
      throw new InputError([
        problem(
          'data.dataset.shape',
          `an example of this file is ${shown} values: only one of rows and columns can be read row by row; choose "flat"`,
          `该文件的样本为 ${shown}：只有行 × 列才能逐行读取；请选择“展平”`
        )
      ])
    inputShape = one
  }
  let labels: IdxLabels | undefined
  if (p.labels) {
    labels = idxLabels(bytes(p.labels, LABELS), LABELS)
    if (labels.of.length !== total)
      throw new InputError([
        problem(
          LABELS,
          `has ${many(labels.of.length)} labels, and there are ${many(total)} images: choose the labels that belong to them`,
          `有 ${many(labels.of.length)} 个标签，而图像有 ${many(total)} 个：请选择与之对应的标签文件`
        )
      ])
  }
  const picture =
    one.length === 2 || (one.length === 3 && one[2] === 1) ? ([one[0], one[1]] as [number, number]) : undefined
  const target: Pick<DataInfo, 'task' | 'targetShape' | 'classes'> = labels
    ? classTarget([...labels.classes], p.coding)
    : { task: 'regression', targetShape: [size] }
  return { file, head, ...(labels && { labels }), info: { inputShape, count, ...target, ...(picture && { picture }) } }
}

/** Lowest and highest value: the range of the type for bytes, else that of the values. */
function range({ head }: IdxExamples, x: Float32Array): [number, number] {
  if (head.type === 'ubyte') return [0, 255]
  if (head.type === 'byte') return [-128, 127]
  let [low, high] = [Infinity, -Infinity]
  for (const v of x) {
    if (v < low) low = v
    if (v > high) high = v
  }
  return [low, high]
}
function read(u: IdxExamples, p: Params, rows?: number[]): Data {
  const { file, info, labels } = u
  const count = rows?.length ?? info.count
  const x = idxValues(file, IMAGES, count, rows)
  if (p.scaling !== 'none') {
    const [low, high] = range(u, x)
    const [from, width] = p.scaling === 'symmetric' ? [-1, 2] : [0, 1]
    const scale = high > low ? width / (high - low) : 0
    for (let i = 0; i < x.length; i++) x[i] = from + (x[i]! - low) * scale
  }
  if (!labels) return { ...info, count, x, y: x.slice() }
  const y = new Float32Array(count * info.targetShape[0]!)
  for (let i = 0; i < count; i++) putClass(y, i, labels.of[rows ? rows[i]! : i]!, info)
  return { ...info, count, x, y }
}

const idx: Dataset = {
  id: 'idx',
  name: { en: 'IDX files', zh: 'IDX 文件' },
  doc: {
    en: 'Images of yours in the format of the MNIST files, packed (.gz) or not, with their labels. Without labels the network learns to give back what it is shown.',
    zh: '您自己的图像，MNIST 文件所用的格式，可为 .gz 压缩，另附标签。没有标签时，网络学习还原其输入。'
  },
  fields: {
    images: { type: 'text', role: 'binary', default: '', label: { en: 'Images', zh: '图像' } },
    labels: {
      type: 'text',
      role: 'binary',
      default: '',
      label: { en: 'Labels', zh: '标签' },
      help: {
        en: 'One whole number for each image. None: the target is the image itself.',
        zh: '每幅图像一个整数。不选：目标即图像本身。'
      }
    },
    shape: {
      type: 'choice',
      default: 'flat',
      label: { en: 'An example is', zh: '样本形式' },
      options: [
        { id: 'flat', label: { en: 'Flat: one list of pixels', zh: '展平：一列像素' } },
        { id: 'image', label: { en: 'Image: rows × columns × channels', zh: '图像：行 × 列 × 通道' } },
        { id: 'rows', label: { en: 'Sequence: a row a time step', zh: '序列：每行一个时间步' } }
      ]
    },
    examples: {
      type: 'number',
      default: 10_000,
      integer: true,
      min: 1,
      max: 10_000_000,
      log: true,
      label: { en: 'Most examples', zh: '样本数上限' },
      help: { en: 'From the first on; the others are not read.', zh: '从第一个起；其余不读取。' }
    },
    scaling: {
      type: 'choice',
      default: 'unit',
      label: { en: 'Pixels', zh: '像素值' },
      options: [
        { id: 'unit', label: { en: '0 … 1', zh: '0 … 1' } },
        { id: 'symmetric', label: { en: '−1 … 1', zh: '−1 … 1' } },
        { id: 'none', label: { en: 'As in the file', zh: '与文件相同' } }
      ],
      help: {
        en: 'Bytes by their whole range (0 … 255), other numbers by the lowest and highest that are read.',
        zh: '字节按其全部范围（0 … 255）缩放，其他数值按读取到的最小值和最大值缩放。'
      }
    },
    coding: codingField
  },
  standardize: false,
  python: 'values',
  describe: (p, ctx) => understand(p, ctx).info,
  load: (p, ctx) => read(understand(p, ctx), p),
  sample(p, ctx, wanted) {
    const u = understand(p, ctx)
    const { count } = u.info
    if (!u.labels)
      return read(
        u,
        p,
        Array.from({ length: Math.min(wanted, count) }, (_, i) => i)
      )
    const each = Math.max(1, Math.ceil(wanted / u.labels.classes.length))
    const seen = new Uint32Array(u.labels.classes.length)
    const rows: number[] = []
    for (let i = 0; i < count; i++) if (seen[u.labels.of[i]!]!++ < each) rows.push(i)
    return read(u, p, rows)
  },
  remarks: (p, ctx) => idxRemarks(understand(p, ctx), p)
}
export default idx
