import type { NumberField, Params } from '../../../base/params'

export const learningRate = (value: number): NumberField => ({
  type: 'number',
  default: value,
  min: 1e-8,
  max: 10,
  log: true,
  label: { en: 'Learning rate', zh: '学习率' },
  help: { en: 'Step size α. Can be changed while a run goes on.', zh: '步长 α。可在训练中修改。' }
})
export const epsilon = (value: number): NumberField => ({
  type: 'number',
  default: value,
  min: 1e-16,
  max: 1,
  log: true,
  advanced: true,
  label: { en: 'ε', zh: 'ε' },
  help: { en: 'Keeps the division finite.', zh: '防止除以零。' }
})
/** A decay rate in [0, 1). */
export const rate = (value: number, en: string, zh: string): NumberField => ({
  type: 'number',
  default: value,
  min: 0,
  below: 1,
  label: { en, zh }
})
export const num = (p: Params, name: string): number => p[name] as number
