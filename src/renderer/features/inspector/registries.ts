import { activations } from '@shared/activations'
import { datasets } from '@shared/datasets'
import { initializers } from '@shared/initializers'
import { losses } from '@shared/losses'
import { optimizers } from '@shared/optimizers'
import type { RefRegistry } from '@shared/params'
import type { Registry, Entry } from '@shared/registry'
import { remedies } from '@shared/remedies'
import { schedules } from '@shared/schedules'

/** The registries whose entries a form offers. */
export const registryOf: Record<RefRegistry, Registry<Entry>> = { activations, initializers, optimizers, losses, schedules, datasets, remedies }
