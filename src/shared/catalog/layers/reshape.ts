import { kerasObject } from '../../base/keras'
import { sizeOf } from '../../base/sizeOf'
import { ShapeError, type LayerKind, type Shape } from './types'

const wrong = (text: string): ShapeError =>
  new ShapeError({
    en: `"${text}" is not a shape: write whole numbers with commas between, for example 8, 8, 1 (one of them may be -1: whatever is left)`,
    zh: `“${text}”不是形状：请写用逗号分隔的整数，例如 8, 8, 1（其中一个可以是 -1，表示其余全部）`
  })
/** "8, 8, 1", "8×8×1", "8 x 8 x 1" or "8 8 1"; at most one -1. @throws ShapeError */
function parse(text: string): number[] {
  const parts = text
    .trim()
    .replace(/^[[(]|[\])]$/g, '')
    .split(/\s*[,，×x*]\s*|\s+/i)
    .filter(Boolean)
  const sizes = parts.map((t) => (/^(-1|[1-9]\d{0,8})$/.test(t) ? Number(t) : NaN))
  if (!sizes.length || sizes.some(Number.isNaN) || sizes.filter((n) => n < 0).length > 1 || sizes.length > 5)
    throw wrong(text)
  return sizes
}

function target(text: string, from: Shape): Shape {
  const sizes = parse(text)
  const known = sizeOf(sizes.filter((n) => n > 0))
  const free = sizes.includes(-1)
  const count = sizeOf(from)
  if (free ? count % known : count !== known)
    throw new ShapeError({
      en: `gets [${from.join(' × ')}], which is ${count} numbers, and cannot lay them out as ${sizes.join(' × ')}${free ? '' : ` = ${known}`}: choose a shape with as many`,
      zh: `得到 [${from.join(' × ')}]，共 ${count} 个数，无法排成 ${sizes.join(' × ')}${free ? '' : ` = ${known}`}：请选择个数相同的形状`
    })
  return sizes.map((n) => (n < 0 ? count / known : n))
}

const reshape: LayerKind = {
  id: 'reshape',
  name: { en: 'Reshape', zh: '变形' },
  doc: {
    en: 'Lays the same numbers of an example out on other axes, row by row: 64 pixels become a picture of 8 × 8 × 1 for a convolution.',
    zh: '把一个样本的数按行重新排到其他轴上：例如把 64 个像素排成 8 × 8 × 1 的图片供卷积读取。'
  },
  group: 'wiring',
  icon: 'flat',
  stem: 'reshape',
  fields: {
    shape: {
      type: 'text',
      default: '-1, 1',
      label: { en: 'Shape', zh: '形状' },
      help: {
        en: 'Without the batch; one number may be -1: whatever is left. Channels come last.',
        zh: '不含批次轴；其中一个可为 -1，表示其余全部。通道在最后。'
      }
    }
  },
  inputs: { min: 1, max: 1 },
  infer: (p, [s]) => target(p.shape as string, s!),
  weights: () => [],
  forward: (tf, p, [x]) => ({ h: tf.reshape(x!, [x!.shape[0]!, ...target(p.shape as string, x!.shape.slice(1))]) }),
  python: {
    torch: (_p, { output }, [x]) => ({ call: `${x!}.reshape(-1, ${output.join(', ')})` }),
    keras: (_p, { output }) => [{ object: kerasObject('layers', 'Reshape', { target_shape: output }) }]
  },
  flops: () => 0
}
export default reshape
