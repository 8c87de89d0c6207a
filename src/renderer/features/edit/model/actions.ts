import type { Actions } from '@/commands/command'
import { useModel } from './state'

/** A model of another program. */
const actions: Actions = () => {
  const model = useModel()
  return () => [
    {
      id: 'openModel',
      group: 'file',
      icon: 'dense',
      name: { en: 'Open a model (Keras, PyTorch) …', zh: '打开模型（Keras、PyTorch）…' },
      typing: true,
      words: 'import keras torch h5 safetensors 导入 模型',
      run: () => model.look(null)
    }
  ]
}
export default actions
