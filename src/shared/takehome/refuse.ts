import { InputError, problem } from '../base/problems'
import type { Text } from '../base/text'

function refuse(library: string, path: string, what: Text, why: Text): never {
  throw new InputError([
    problem(path, `${what.en} cannot be written in ${library}: ${why.en}`, `${what.zh}无法写成 ${library}：${why.zh}`)
  ])
}
/** @throws InputError naming what can't be written in PyTorch, and why */
export function refuseTorch(path: string, what: Text, why: Text): never {
  return refuse('PyTorch', path, what, why)
}
/** @throws InputError naming what can't be written in Keras, and why */
export function refuseKeras(path: string, what: Text, why: Text): never {
  return refuse('Keras', path, what, why)
}
