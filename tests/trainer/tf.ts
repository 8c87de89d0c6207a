import { createRequire } from 'node:module'
import type { TF } from '@shared/base/tf'

/** The real tfjs-node, on TensorFlow. */
export function loadTf(): TF {
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node') as TF
  if (tf.getBackend() !== 'tensorflow') throw new Error(`these tests need tfjs-node, not ${tf.getBackend()}`)
  return tf
}
