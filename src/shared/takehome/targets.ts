import type { Text } from '../base/text'

/** A form in which a run is taken home. */
interface Target {
  name: Text
  /** One line on what one gets. */
  doc: Text
  /** Modules of Python that its `check.py` imports; absent: there is nothing to check. */
  modules?: readonly string[]
  /** Libraries of which `modules` need one, the first that is there: told in the variable `KERAS_BACKEND`. */
  backends?: readonly string[]
}

/** Every form in which a run is taken home, by the word of the command line. */
const targets = {
  pytorch: {
    name: { en: 'PyTorch project', zh: 'PyTorch 项目' },
    doc: { en: 'Model, training, data, a check', zh: '模型、训练、数据与核对' },
    modules: ['torch', 'safetensors', 'numpy']
  },
  keras: {
    name: { en: 'Keras project', zh: 'Keras 项目' },
    doc: { en: 'on TensorFlow or PyTorch', zh: '运行于 TensorFlow 或 PyTorch' },
    modules: ['keras', 'numpy'],
    backends: ['tensorflow', 'jax', 'torch']
  },
  npz: {
    name: { en: 'Numbers', zh: '数值' },
    doc: { en: 'NPZ: weights, data, every recorded step', zh: 'NPZ：权重、数据与每个记录步' }
  }
} satisfies Record<string, Target>
export type TargetId = keyof typeof targets
export const TARGET_IDS = Object.keys(targets) as TargetId[]
/** A form by its word: with the members that only some have. */
export const targetOf = (id: TargetId): Target => targets[id]
