import { parseExperiment } from '../../experiment/parse'
import type { Experiment } from '../../experiment/types'
import type { Template } from './types'

/** A recurrent layer and one output on the adding problem of 50 steps. */
function adding(name: string, cell: Record<string, unknown>): Experiment {
  return parseExperiment({
    name,
    seed: 42,
    data: { dataset: { id: 'addingProblem', count: 4000, length: 50 }, validation: 0.1 },
    network: {
      nodes: [
        { id: 'cell', ...cell },
        {
          id: 'output',
          kind: 'dense',
          name: 'Output',
          params: { units: 1, activation: 'linear', initializer: 'glorotUniform' }
        }
      ]
    },
    training: { steps: 1500, batchSize: 64, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.005 } }
  })
}
const templates: Template[] = [
  {
    id: 'sequences-addingRnn',
    group: 'recurrent',
    name: { en: 'Adding problem: a simple RNN', zh: '加法问题：简单循环网络' },
    doc: {
      en: 'Two marked numbers of 50 are to be added. The first mark lies 25 steps and more before the end, and of the gradient next to nothing gets there: the loss stays at 1/6, what answering 1 always costs. Compare it with the LSTM.',
      zh: '要把 50 个数中被标记的两个相加。第一个标记距结尾至少 25 步，几乎没有梯度能传到那里：损失停在 1/6，即永远回答 1 的代价。请与 LSTM 对比。'
    },
    finds: 'vanishing',
    shows: 'timeGradientRms',
    make: () =>
      adding('Adding problem, simple RNN', {
        kind: 'simpleRnn',
        name: 'Simple RNN',
        params: { units: 64, recurrentInitializer: 'glorotUniform' }
      })
  },
  {
    id: 'sequences-addingLstm',
    group: 'recurrent',
    name: { en: 'Adding problem: an LSTM', zh: '加法问题：LSTM' },
    doc: {
      en: 'The same task for an LSTM: while its forget gates are near 1 the gradient reaches the first step. After some hundred steps the loss leaves 1/6 and falls towards nothing.',
      zh: '同一任务交给 LSTM：遗忘门接近 1 时，梯度能到达第一步。数百步后，损失离开 1/6，趋近于零。'
    },
    finds: 'healthy',
    shows: 'timeGradientRms',
    make: () => adding('Adding problem, LSTM', { kind: 'lstm', name: 'LSTM', params: { units: 64, forgetBias: 4 } })
  },
  {
    id: 'sequences-copyMemory',
    group: 'recurrent',
    name: { en: 'Copy memory: a target at each step', zh: '复制记忆：每一步都有目标' },
    doc: {
      en: 'Five symbols, twenty blanks, then the five are to be repeated: sequence to sequence, with a dense layer that reads every step of the LSTM. The accuracy counts the answer only, and climbs from the 1/8 of guessing as the gradient of the answer reaches the symbols.',
      zh: '五个符号、二十个空白，然后复述这五个符号：序列到序列，全连接层读取 LSTM 的每一步。准确率只统计作答部分；随着作答的梯度传到那些符号，它从猜测的 1/8 逐渐上升。'
    },
    finds: 'healthy',
    shows: 'timeGradientRms',
    make: () =>
      parseExperiment({
        name: 'Copy memory, LSTM',
        seed: 42,
        data: { dataset: 'copyMemory', validation: 0.1 },
        network: {
          nodes: [
            { id: 'cell', kind: 'lstm', name: 'LSTM', params: { units: 64, forgetBias: 4, returnSequences: true } },
            {
              id: 'output',
              kind: 'dense',
              name: 'Output',
              params: { units: 9, activation: 'linear', initializer: 'glorotUniform' }
            }
          ]
        },
        training: {
          steps: 1500,
          batchSize: 64,
          loss: 'softmaxCrossEntropy',
          optimizer: { id: 'adam', learningRate: 0.005 }
        }
      })
  }
]
export default templates
