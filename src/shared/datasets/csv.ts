import type { Params } from '../params'
import { InputError } from '../text'
import { codingField } from './toy/common'
import { MAX_CATEGORIES } from './table/inspect'
import { fault } from './table/read'
import { copyInfo, encode, understandCsv, type Understood } from './table/understand'
import type { DataContext, Dataset } from './types'

const understood = (p: Params, ctx: DataContext): Understood => {
  if (!p.file) throw new InputError([fault('choose a table: open a CSV file, or drop it here', '请选择表格：打开 CSV 文件，或拖放到这里')])
  return understandCsv(ctx.readText(p.file as string), p)
}
const choice = (en: string, zh: string, value: string, options: [string, string, string][]) =>
  ({ type: 'choice', default: value, label: { en, zh }, options: options.map(([id, e, z]) => ({ id, label: { en: e, zh: z } })) }) as const
const AUTO: [string, string, string] = ['auto', 'Automatic', '自动']

const csv: Dataset = {
  id: 'csv',
  name: { en: 'CSV file', zh: 'CSV 文件' },
  doc: {
    en: 'A table of yours: one example a line, one column the target. Numbers are used as they are, words become one-hot inputs; nothing is dropped or changed without a remark.',
    zh: '你自己的表格：每行一个样本，一列为目标。数字原样使用，文字变为独热输入；任何丢弃或改动都会说明。'
  },
  fields: {
    file: { type: 'text', role: 'file', default: '', label: { en: 'File', zh: '文件' } },
    target: { type: 'text', role: 'column', default: '', label: { en: 'Target column', zh: '目标列' }, help: { en: 'What the network learns to tell. Empty: the last column.', zh: '网络要学会预测的列。留空：最后一列。' } },
    task: choice('Task', '任务', 'auto', [AUTO, ['regression', 'Regression', '回归'], ['classification', 'Classification', '分类']]),
    features: { type: 'columns', default: [], label: { en: 'Input columns', zh: '输入列' }, help: { en: 'Empty: all but the target.', zh: '留空：除目标外的所有列。' } },
    missing: choice('Missing values', '缺失值', 'drop', [['drop', 'Leave the row out', '忽略该行'], ['mean', 'Mean of the column', '该列均值'], ['error', 'Refuse the file', '拒绝文件']]),
    badRows: { ...choice('Malformed rows', '格式错误的行', 'error', [['error', 'Refuse the file', '拒绝文件'], ['drop', 'Leave the row out', '忽略该行']]), help: { en: 'Rows with a wrong number of fields, or with a word in a column of numbers.', zh: '字段数不对，或数字列中出现文字的行。' } },
    categorical: { type: 'columns', default: [], advanced: true, label: { en: 'Read as categories', zh: '按类别读取' }, help: { en: 'Columns whose numbers are mere codes.', zh: '数字只是代码的列。' } },
    maxCategories: { type: 'number', default: MAX_CATEGORIES, integer: true, min: 2, max: 5000, advanced: true, label: { en: 'Most categories', zh: '类别上限' }, help: { en: 'An input column of words with more different values than this is refused.', zh: '不同值超过此数的文字输入列会被拒绝。' } },
    delimiter: { ...choice('Separator', '分隔符', 'auto', [AUTO, ['comma', 'Comma', '逗号'], ['semicolon', 'Semicolon', '分号'], ['tab', 'Tab', '制表符'], ['pipe', 'Bar |', '竖线 |']]), advanced: true },
    header: { ...choice('Header line', '表头行', 'auto', [AUTO, ['yes', 'Yes', '有'], ['no', 'No', '无']]), advanced: true },
    decimal: { ...choice('Decimal sign', '小数点', 'auto', [AUTO, ['point', 'Point 1.5', '点 1.5'], ['comma', 'Comma 1,5', '逗号 1,5']]), advanced: true },
    coding: codingField
  },
  standardize: true,
  describe: (p, ctx) => copyInfo(understood(p, ctx).info),
  load: (p, ctx) => encode(understood(p, ctx)),
  remarks(p, ctx) {
    const { table, remarks } = understood(p, ctx)
    return [...table.remarks, ...remarks]
  }
}
export default csv
