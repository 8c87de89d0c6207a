import { parseSpec } from '../base/params'
import type { CodeChange } from '../base/python'
import type { Text } from '../base/text'
import { remedies } from '../clinic/remedies'
import { lookup } from '../experiment/lookup'
import type { CodeLine, Finding, RunSchema } from '../run/types'

/** Lines to change in a program that was recorded, and where. */
export interface Advised extends CodeChange {
  /** What they do, in a few words. */
  name: Text
  /** The line beside which they go, where that is known. */
  at?: CodeLine
  where: Text
}

const WHERE: Readonly<Record<CodeChange['place'], Text>> = {
  model: { en: 'after the model is made', zh: '在创建模型之后' },
  optimizer: { en: 'after the optimizer is made', zh: '在创建优化器之后' },
  scaler: { en: 'where the gradient scaler is made', zh: '在创建梯度缩放器处' },
  beforeStep: { en: 'before optimizer.step()', zh: '在 optimizer.step() 之前' },
  afterStep: { en: 'after optimizer.step()', zh: '在 optimizer.step() 之后' },
  batch: { en: 'where a batch is read', zh: '在读取批次处' },
  module: { en: 'where the module is made', zh: '在创建该模块处' }
}

/** Whether lines can be given for a recorded run: they are PyTorch's. */
const isTorch = ({ versions }: RunSchema): boolean => Object.keys(versions).includes('pytorch')

/**
 * What to change in the program that was recorded, so that it does what a finding advises: its own changes first, then
 * those of its remedies that can be written in a few lines, best first.
 * @param learningRate of the newest step
 */
export function changesFor(finding: Finding, schema: RunSchema, learningRate?: number): Advised[] {
  if (!schema.recording || !isTorch(schema)) return []
  const layer = schema.layers.find((l) => l.id === finding.layers[0])
  const width = layer?.outputShape[layer.outputShape.length - 1]
  const site = {
    isScaled: schema.scalars.includes('ampScale'),
    ...(width !== undefined && { width }),
    ...(learningRate !== undefined && { learningRate })
  }
  const { step } = schema.recording
  const lineOf = ({ place }: CodeChange): CodeLine | undefined =>
    place === 'beforeStep' || place === 'afterStep' ? step : place === 'module' ? layer?.recorded?.code : undefined
  const told = (name: Text, change: CodeChange): Advised => {
    const at = lineOf(change)
    return { ...change, name, where: WHERE[change.place], ...(at && { at }) }
  }
  const own = (finding.changes ?? []).map((c) => told({ en: 'What was found', zh: '所发现的问题' }, c))
  const advised = finding.advice.flatMap((id) => {
    const remedy = remedies.find(id)
    if (!remedy?.inTorch) return []
    const p = parseSpec('remedies', { ...finding.choices?.[id], id }, 'remedies', [], lookup)
    return remedy.inTorch(p, site).map((c) => told(remedy.name, c))
  })
  return [...own, ...advised]
}

/** The changes as one text to copy: each with a comment of where it goes. */
export const textOfChanges = (changes: readonly Advised[]): string =>
  changes
    .map(({ name, at, where, lines }) =>
      [`# ${name.en}: ${where.en}${at ? ` (${at.file}:${at.line})` : ''}`, ...lines].join('\n')
    )
    .join('\n\n')
    .concat('\n')
