import { activations } from '@shared/catalog/activations'
import { datasets } from '@shared/catalog/datasets'
import { initializers } from '@shared/catalog/initializers'
import { losses } from '@shared/catalog/losses'
import { optimizers } from '@shared/catalog/optimizers'
import type { RefField, RefRegistry } from '@shared/base/params'
import type { Registry, Entry } from '@shared/base/registry'
import { remedies } from '@shared/clinic/remedies'
import { schedules } from '@shared/catalog/schedules'

/** The registries whose entries a form offers. */
export const registryOf: Record<RefRegistry, Registry<Entry>> = {
  activations,
  initializers,
  optimizers,
  losses,
  schedules,
  datasets,
  remedies
}
/** What the training settings choose from them. */
export const choices = {
  optimizer: { type: 'ref', registry: 'optimizers', default: { id: 'sgd' }, label: { en: 'Optimizer', zh: '优化器' } },
  schedule: {
    type: 'ref',
    registry: 'schedules',
    default: { id: 'constant' },
    label: { en: 'Schedule', zh: '学习率计划' }
  },
  loss: { type: 'ref', registry: 'losses', default: { id: 'meanSquaredError' }, label: { en: 'Loss', zh: '损失' } }
} satisfies Record<string, RefField>
