import type { NumberField, Params } from '../../../base/params'

/** Field of the learning rate, which every optimizer has. @param value default */
export const learningRate = (value: number): NumberField => ({
  type: 'number',
  default: value,
  min: 1e-8,
  max: 10,
  log: true,
  label: { en: 'Learning rate', zh: '学习率' },
  help: { en: 'Step size α. Can be changed during a run.', zh: '步长 α。可在训练中修改。' }
})
/** Field of ε in a denominator. @param value default */
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
/** Field of a decay rate in [0, 1). @param value default */
export const rate = (value: number, en: string, zh: string): NumberField => ({
  type: 'number',
  default: value,
  min: 0,
  below: 1,
  label: { en, zh }
})
/** A parameter that is a number. */
export const num = (p: Params, name: string): number => p[name] as number
