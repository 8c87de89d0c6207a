import type { Params } from '../../../base/params'
import { rounded } from '../../../base/rounded'
import { counted } from '../../../base/text'
import type { DataInfo } from '../types'
import { classApart } from './apart'
import { idxValues, type IdxHeader, type IdxLabels } from './idx'
import { remark, type Remark } from './remark'

const IMAGES = 'data.dataset.images'
const LABELS = 'data.dataset.labels'
const EXAMPLES = 'data.dataset.examples'
const many = (n: number): string => n.toLocaleString('en')
/** Examples of which it is asked whether they differ at all. */
const LOOKED_AT = 100

/** Highest value of bytes beyond which their range is not narrow. */
const NARROW = 32
/** Whether all these examples are the same. */
const areSame = (x: Float32Array, size: number): boolean => x.every((v, i) => v === x[i % size])

/** The images of an IDX file as examples, with their labels. */
export interface IdxExamples {
  file: Uint8Array
  head: IdxHeader
  labels?: IdxLabels
  info: DataInfo
}
/** The remark on classes that have one example each, as ids and pixels in the place of labels do. */
function rareLabels({ of, classes }: IdxLabels): Remark[] {
  const times = new Uint32Array(classes.length)
  for (const c of of) times[c]!++
  const rare = classes.filter((_, k) => times[k] === 1)
  if (!rare.length) return []
  const shown = rare.slice(0, 6).join(', ') + (rare.length > 6 ? ' …' : '')
  return [
    remark(
      'classesRare',
      `${rare.length} of ${classes.length} classes ${rare.length === 1 ? 'has one example' : 'have one example each'} (${shown}): they can be learnt or validated, not both${rare.length * 2 > classes.length && classes.length > 10 ? '; are these the labels?' : ''}`,
      `${classes.length} 个类别中有 ${rare.length} 个只有一个样本（${shown}）：只能用于学习或验证，不能兼顾${rare.length * 2 > classes.length && classes.length > 10 ? '；这是标签文件吗？' : ''}`,
      { path: LABELS, count: rare.length }
    )
  ]
}

/** What is odd about them, and what of the file is not read. @param p parameters of the data set */
export function idxRemarks({ file, head, labels, info }: IdxExamples, p: Params): Remark[] {
  const total = head.shape[0]!
  const remarks: Remark[] = []
  const some = Math.min(info.count, LOOKED_AT)
  const x = idxValues(file, IMAGES, some)
  if (some > 1 && x.every((v) => v === x[0]))
    remarks.push(
      remark(
        'inputsConstant',
        `all values of the first ${many(some)} examples are ${x[0]}: is it the right file? There is nothing to learn from`,
        `前 ${many(some)} 个样本的值全为 ${x[0]}：文件是否正确？没有可供学习的内容`,
        { path: IMAGES, count: some }
      )
    )
  else if (some > 2 && areSame(x, head.size))
    remarks.push(
      remark(
        'inputsConstant',
        `the first ${many(some)} examples are all the same: is it the right file? There is nothing to learn from`,
        `前 ${many(some)} 个样本完全相同：文件是否正确？没有可供学习的内容`,
        { path: IMAGES, count: some }
      )
    )
  if (head.type === 'ubyte' && p.scaling !== 'none' && some > 1) {
    const most = idxValues(file, IMAGES, info.count).reduce((a, b) => Math.max(a, b), 0)
    if (most > 0 && most <= NARROW)
      remarks.push(
        remark(
          'valuesNarrow',
          `no value is above ${most}, and bytes are scaled by 255, so that inputs differ by ${rounded(most / 255, 2)} at most; choose “As in the file”, or write the values over the whole range`,
          `所有值不超过 ${most}，而字节按 255 缩放，输入之差至多 ${rounded(most / 255, 2)}；请选择“与文件相同”，或将数值写满整个范围`,
          { path: 'data.dataset.scaling', count: info.count }
        )
      )
  }
  if (info.count < total)
    remarks.push(
      remark(
        'examplesLimited',
        `the first ${many(info.count)} of ${many(total)} examples are read`,
        `读取 ${many(total)} 个样本中的前 ${many(info.count)} 个`,
        { path: EXAMPLES, count: info.count }
      )
    )
  if (!labels)
    remarks.push(
      remark(
        'noLabels',
        'there are no labels: the network learns to give back its input',
        '没有标签：网络学习还原其输入',
        { path: LABELS }
      )
    )
  else {
    const found = classApart(labels.classes)
    if (found) {
      const { apart, from, to } = found
      const place = labels.classes.indexOf(apart)
      const count = labels.of.reduce((n, c) => n + (c === place ? 1 : 0), 0)
      const first = labels.of.indexOf(place) + 1
      remarks.push(
        remark(
          'classApart',
          `${counted(count, 'label is', 'labels are')} ${apart}, first that of example ${many(first)}, and all others ${from} to ${to}: ${apart} counts as a class of its own; if it marks what has no label, leave those examples out`,
          `${many(count)} 个标签为 ${apart}，首个是第 ${many(first)} 个样本，其余为 ${from} 至 ${to}：${apart} 视为单独一类；若表示无标签，请去掉这些样本`,
          { path: LABELS, count }
        )
      )
    }
    remarks.push(...rareLabels(labels))
    const seen = new Set(labels.of.subarray(0, info.count))
    const unseen = labels.classes.filter((_, k) => !seen.has(k))
    if (unseen.length)
      remarks.push(
        remark(
          'classesUnseen',
          `none of them is of class ${unseen.slice(0, 10).join(', ')}${unseen.length > 10 ? ' …' : ''}: read more`,
          `其中没有类别 ${unseen.slice(0, 10).join('、')}${unseen.length > 10 ? '……' : ''}：请读取更多`,
          { path: EXAMPLES, count: unseen.length }
        )
      )
  }
  return remarks
}
