import type { Text } from '../base/text'

/** A form in which a run is taken home. */
interface Target {
  name: Text
  /** One line on what one gets. */
  doc: Text
  /** Modules of Python that its `check.py` imports, and the least version; absent: there is nothing to check. */
  modules?: Readonly<Record<string, string>>
  /** Libraries of which `modules` need one, the first that is there: told in the variable `KERAS_BACKEND`. */
  backends?: Readonly<Record<string, string>>
}

/** Every form in which a run is taken home, by the word of the command line. */
const targets = {
  pytorch: {
    name: { en: 'PyTorch project', zh: 'PyTorch 项目' },
    doc: { en: 'Model, training, data, a check', zh: '模型、训练、数据与核对' },
    modules: { torch: '2.5', safetensors: '0.4', numpy: '1.24' }
  },
  keras: {
    name: { en: 'Keras project', zh: 'Keras 项目' },
    doc: { en: 'on TensorFlow or PyTorch', zh: '运行于 TensorFlow 或 PyTorch' },
    modules: { keras: '3.6', numpy: '1.24' },
    backends: { tensorflow: '2.16', jax: '0.4', torch: '2.5' }
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
/** `requirements.txt` of a form: its modules, and the first library that they run on. */
export function requirementsOf(id: TargetId): string {
  const { modules = {}, backends = {} } = targetOf(id)
  const all = [...Object.entries(modules), ...Object.entries(backends).slice(0, 1)]
  return all
    .map(([name, least]) => `${name}>=${least}\n`)
    .sort()
    .join('')
}
