import { number, quoted } from './python'

/** What an argument of a Keras object may be; undefined: left out. */
export type KerasValue = string | number | boolean | readonly number[] | KerasObject | undefined
/** An object of Keras 3, from which both its Python and its entry in a `.keras` file are made. */
export interface KerasObject {
  /** Module of `keras` that holds its class; absent: the class stands in the project itself. */
  module?: 'layers' | 'initializers' | 'regularizers' | 'optimizers'
  class: string
  /** Arguments of its class that are given, in the class's order. */
  args: Readonly<Record<string, KerasValue>>
}
/** A weight of ours among the variables of a Keras layer. */
export interface KerasWeight {
  /** Here. */
  name: string
  /** There. */
  as: string
  /** Axes that it has there: axes of length 1 are put before ours. */
  rank?: number
  /** Blocks of columns of ours, in the order that Keras keeps them in. */
  order?: readonly number[]
  /** Added to each block there, in Keras's order. */
  plus?: readonly number[]
}
/** One layer of a Keras model. */
export interface KerasLayer {
  object: KerasObject
  /** Its variables in Keras's order, trainable ones first. Those that a layer does not have here are passed over. */
  weights?: KerasWeight[]
  /** The variables belong to its cell. */
  isCell?: true
  /** Where it draws noise: statements that return the output of `x` by our `noise`, uniform in [0, 1). */
  recorded?: string[]
  /** What differs from here, in one line. */
  remark?: string
}

/** An object of Keras's own. */
export const kerasObject = (
  module: NonNullable<KerasObject['module']>,
  name: string,
  args: KerasObject['args'] = {}
): KerasObject => ({ module, class: name, args })

const isObject = (v: KerasValue): v is KerasObject => typeof v === 'object' && !Array.isArray(v)
/** Arguments that are given by their place, as Keras's own guides do. */
const BY_PLACE = ['units', 'filters', 'rate', 'target_shape', 'input_dim', 'output_dim', 'pool_size', 'kernel_size']

/** A value as a Python expression. */
function kerasValue(v: KerasValue): string {
  if (typeof v === 'string') return quoted(v)
  if (typeof v === 'boolean') return v ? 'True' : 'False'
  if (typeof v === 'number') return number(v)
  if (v === undefined) return 'None'
  if (isObject(v)) return kerasCode(v)
  return `(${v.map(number).join(', ')}${v.length === 1 ? ',' : ''})`
}
/** An object as a Python expression. @param more text that follows its arguments */
export function kerasCode({ module, class: name, args }: KerasObject, more?: string): string {
  const given = Object.entries(args).flatMap(([k, v]) =>
    v === undefined ? [] : [BY_PLACE.includes(k) ? kerasValue(v) : `${k}=${kerasValue(v)}`]
  )
  return `${module ? `${module}.` : ''}${name}(${[...given, ...(more === undefined ? [] : [more])].join(', ')})`
}
/** A value as it stands in the `config.json` of a `.keras` file. An object of the project's own is left out. */
function configValue(v: KerasValue): unknown {
  return v !== undefined && isObject(v) ? kerasConfig(v) : v
}
/** An object as it stands in the `config.json` of a `.keras` file; undefined for one of the project's own. */
export function kerasConfig({ module, class: name, args }: KerasObject, more: object = {}): object | undefined {
  if (!module) return undefined
  const config = Object.fromEntries(Object.entries(args).map(([k, v]) => [k, configValue(v)]))
  return { module: `keras.${module}`, class_name: name, config: { ...config, ...more }, registered_name: null }
}
