import type { Params } from '../../base/params'
import { InputError } from '../../base/problems'
import type { Text } from '../../base/text'
import { encodings, type Encoding } from './parts/encoding'
import { openTable, type TableText } from './parts/tableFile'
import { codingField } from './toy/common'
import { readColumn } from './table/columns'
import { columnRemarks, MAX_CATEGORIES } from './table/inspect'
import { DEFAULT_MARKS } from './table/marks'
import { fault } from './table/faults'
import { levelShift } from './table/level'
import { aimOf, looksLikeSteps } from './table/roles'
import { readTable } from './table/read'
import type { ReadOptions } from './table/table'
import { encodeSequences, understandSequences } from './table/sequences'
import { copyInfo, encode } from './table/encode'
import { understandCsv } from './table/understand'
import type { DataContext, Dataset } from './types'

const tableOf = (p: Params, ctx: DataContext): TableText => {
  if (!p.file) throw new InputError([fault('needs a file: a table such as a CSV file', '需要一个文件：CSV 等表格')])
  if (!ctx.readFile) throw new InputError([fault('cannot be read here', '此处无法读取')])
  return openTable(ctx.readFile(p.file as string, 'data.dataset.file'), p.encoding as Encoding | 'auto')
}
const textOf = (p: Params, ctx: DataContext): string => tableOf(p, ctx).text
const inSteps = (p: Params): boolean => p.lines === 'steps' || p.lines === 'windows'
const guessed = { en: 'Automatic', zh: '自动' }
const choice = (en: string, zh: string, value: string, options: [string, string, string][], help?: Text) =>
  ({
    type: 'choice',
    default: value,
    label: { en, zh },
    ...(help && { help }),
    options: options.map(([id, e, z]) => ({ id, label: { en: e, zh: z } }))
  }) as const
const AUTO: [string, string, string] = ['auto', 'Automatic', '自动']

const csv: Dataset = {
  id: 'csv',
  name: { en: 'CSV file', zh: 'CSV 文件' },
  doc: {
    en: 'A table of yours: a line is an example, or a time step of a sequence; one column is the target. Numbers are used as they are, words become one-hot inputs; nothing is dropped or changed without a remark.',
    zh: '您自己的表格：每行一个样本，或序列的一个时间步；一列为目标。数字原样使用，文字变为独热输入；任何丢弃或改动都会说明。'
  },
  fields: {
    file: { type: 'text', role: 'file', default: '', label: { en: 'File', zh: '文件' } },
    lines: choice(
      'A line is',
      '每行是',
      'examples',
      [
        ['examples', 'An example', '一个样本'],
        ['steps', 'A step, by id', '一步（按 id）'],
        ['windows', 'A step, windows', '一步（滑窗）']
      ],
      {
        en: 'By id: the lines with one id are a sequence, sorted by time. Windows: each stretch of so many lines of a long series is a sequence.',
        zh: '按 id：id 相同的行按时间排序成为一条序列。滑窗：长序列中每一段连续若干行为一条序列。'
      }
    ),
    series: {
      type: 'text',
      role: 'column',
      default: '',
      empty: guessed,
      when: inSteps,
      label: { en: 'Sequence (id) column', zh: '序列（id）列' },
      help: {
        en: 'Lines with the same value are one sequence. Automatic: by id it is guessed by its name; windows need none.',
        zh: '值相同的行属于同一序列。自动：按 id 时由名称推测；滑窗不需要。'
      }
    },
    time: {
      type: 'text',
      role: 'column',
      default: '',
      empty: guessed,
      when: inSteps,
      label: { en: 'Time column', zh: '时间列' },
      help: {
        en: 'Lines of a sequence are sorted by it: numbers, or dates with the year first. Automatic: guessed by its name; if there is none, in the order of the file.',
        zh: '序列各行按此排序：数字，或年份在前的日期。自动：按名称推测；若没有，则按文件中的顺序。'
      }
    },
    length: {
      type: 'number',
      default: 0,
      integer: true,
      min: 0,
      max: 100_000,
      when: inSteps,
      label: { en: 'Time steps', zh: '时间步数' },
      help: {
        en: 'Of an example. Of a longer sequence the last ones are used. 0: as many as the longest has (the shortest, if all are cut to it); windows: 20.',
        zh: '每个样本的步数。较长的序列只取最后若干步。0：与最长的序列相同（若截齐则与最短的相同）；窗口为 20。'
      }
    },
    unequal: {
      ...choice('Shorter sequences', '较短的序列', 'pad', [
        ['pad', 'Zeros before them', '前面补零'],
        ['cut', 'Cut all to the last steps', '全部截为最后若干步']
      ]),
      when: (p) => p.lines === 'steps',
      help: {
        en: 'Zeros come after standardising, so that they are the mean. Cut: what is shorter than the time steps asked for is left out.',
        zh: '补零在标准化之后进行，因此等于均值。截断：短于所要求步数的序列被忽略。'
      }
    },
    stride: {
      type: 'number',
      default: 1,
      integer: true,
      min: 1,
      max: 100_000,
      when: (p) => p.lines === 'windows',
      label: { en: 'Steps between windows', zh: '窗口间隔' }
    },
    aim: {
      ...choice('What is told', '预测内容', 'auto', [
        AUTO,
        ['constant', 'One value of all', '整条的一个值'],
        ['last', 'The last line’s value', '末行的值'],
        ['ahead', 'A later value', '之后的值']
      ]),
      when: inSteps,
      help: {
        en: 'A value that is the same in all lines of a sequence; the one in its last line; or a later one, which is to be forecast. Automatic: the first of these by id, the last for windows.',
        zh: '序列各行相同的值；末行的值；或之后的值，即预测。自动：按 id 时取第一种，滑窗时取最后一种。'
      }
    },
    horizon: {
      type: 'number',
      default: 1,
      integer: true,
      min: 1,
      max: 100_000,
      when: (p) => inSteps(p) && aimOf(p) === 'ahead',
      label: { en: 'Steps ahead', zh: '预测步数' },
      help: {
        en: 'How far behind the last step seen the forecast value lies.',
        zh: '预测值位于所见最后一步之后多少步。'
      }
    },
    target: {
      type: 'text',
      role: 'column',
      default: '',
      label: { en: 'Target column', zh: '目标列' },
      help: {
        en: 'What the network learns to tell. Empty: the last column. Several, with commas between them: numbers, or shares of classes that sum to 1.',
        zh: '网络要学会预测的列。留空：最后一列。多列以逗号分隔：数值，或总和为 1 的类别占比。'
      }
    },
    task: choice('Task', '任务', 'auto', [
      AUTO,
      ['regression', 'Regression', '回归'],
      ['classification', 'Classification', '分类']
    ]),
    features: {
      type: 'columns',
      default: [],
      label: { en: 'Input columns', zh: '输入列' },
      help: { en: 'Empty: all but the target.', zh: '留空：除目标外的所有列。' }
    },
    missing: choice('Missing values', '缺失值', 'error', [
      ['error', 'Refuse the file', '拒绝文件'],
      ['drop', 'Leave the row out', '忽略该行'],
      ['mean', 'Mean of the column', '该列均值']
    ]),
    badRows: {
      ...choice('Malformed rows', '格式错误的行', 'error', [
        ['error', 'Refuse the file', '拒绝文件'],
        ['drop', 'Leave the row out', '忽略该行']
      ]),
      help: {
        en: 'Rows with a wrong number of fields, or with a word in a column of numbers.',
        zh: '字段数不对，或数字列中出现文字的行。'
      }
    },
    categorical: {
      type: 'columns',
      default: [],
      advanced: true,
      label: { en: 'Read as categories', zh: '按类别读取' },
      help: { en: 'Columns whose numbers are mere codes.', zh: '数字只是代码的列。' }
    },
    maxCategories: {
      type: 'number',
      default: MAX_CATEGORIES,
      integer: true,
      min: 2,
      max: 5000,
      advanced: true,
      label: { en: 'Most categories', zh: '类别上限' },
      help: {
        en: 'An input column of words with more different values than this is refused.',
        zh: '不同值超过此数的文字输入列会被拒绝。'
      }
    },
    encoding: {
      ...choice('Encoding', '编码', 'auto', [
        AUTO,
        ...encodings.map(([id, name]): [string, string, string] => [id, name, name])
      ]),
      help: {
        en: 'How the file’s bytes stand for letters. Automatic: UTF-8, or else what the bytes look like; a remark names it.',
        zh: '文件字节与文字的对应方式。自动：UTF-8，否则按字节推测，并在备注中说明。'
      },
      advanced: true
    },
    delimiter: {
      ...choice('Separator', '分隔符', 'auto', [
        AUTO,
        ['comma', 'Comma', '逗号'],
        ['semicolon', 'Semicolon', '分号'],
        ['tab', 'Tab', '制表符'],
        ['pipe', 'Bar |', '竖线 |'],
        ['space', 'Blanks', '空格']
      ]),
      advanced: true
    },
    header: {
      ...choice('Header line', '表头行', 'auto', [AUTO, ['yes', 'Yes', '有'], ['no', 'No', '无']]),
      advanced: true
    },
    decimal: {
      ...choice('Decimal sign', '小数点', 'auto', [
        AUTO,
        ['point', 'Point 1.5', '点 1.5'],
        ['comma', 'Comma 1,5', '逗号 1,5']
      ]),
      advanced: true
    },
    dates: {
      ...choice('Dates such as 3/4/24', '形如 3/4/24 的日期', 'auto', [
        AUTO,
        ['dayFirst', 'Day first', '日在前'],
        ['monthFirst', 'Month first', '月在前'],
        ['yearFirst', 'Year first', '年在前']
      ]),
      advanced: true,
      help: {
        en: 'Automatic: a number above 12 tells; where none does, the table is refused.',
        zh: '自动：由大于 12 的数判断；无法判断时拒绝该表。'
      }
    },
    marks: {
      type: 'text',
      default: DEFAULT_MARKS,
      advanced: true,
      label: { en: 'Missing marks', zh: '缺失标记' },
      help: {
        en: 'What stands for a missing value, with commas between them: -999, -, NULL. An empty cell always does.',
        zh: '表示缺失值的写法，以逗号分隔：-999, -, NULL。空单元格始终表示缺失。'
      }
    },
    coding: codingField
  },
  version: 5,
  standardize: true,
  python: 'values',
  describe: (p, ctx) => copyInfo((inSteps(p) ? understandSequences : understandCsv)(textOf(p, ctx), p, ctx.meant).info),
  load: (p, ctx) =>
    inSteps(p)
      ? encodeSequences(understandSequences(textOf(p, ctx), p, ctx.meant))
      : encode(understandCsv(textOf(p, ctx), p, ctx.meant)),
  remarks(p, ctx) {
    const file = tableOf(p, ctx)
    if (inSteps(p)) {
      const sequences = understandSequences(file.text, p, ctx.meant)
      const { lines, remarks } = sequences
      return [...file.remarks, ...lines.table.remarks, ...remarks, ...levelShift(sequences, ctx.held)]
    }
    const { table, remarks } = understandCsv(file.text, p, ctx.meant)
    return [...file.remarks, ...looksLikeSteps(table, p), ...table.remarks, ...remarks]
  },
  guesses(p, ctx) {
    const file = tableOf(p, ctx)
    const table = readTable(file.text, p as ReadOptions)
    const columns = table.names.map((_, i) => readColumn(table, i, p.maxCategories as number))
    return [...file.remarks, ...table.remarks, ...columnRemarks(columns)]
  }
}
export default csv
