import { activations } from '../catalog/activations'
import { datasets } from '../catalog/datasets'
import { initializers } from '../catalog/initializers'
import { losses } from '../catalog/losses'
import { optimizers } from '../catalog/optimizers'
import type { Lookup } from '../base/params'
import { remedies } from './remedies'
import { schedules } from '../catalog/schedules'

/** The registries that parameters may refer to, by name. Looked at when asked: remedies are filled in later. */
export const registries = () => ({ activations, initializers, optimizers, losses, schedules, datasets, remedies })

/** How parameters that name an entry find it. */
export const lookup: Lookup = {
  fieldsOf: (registry, id) => registries()[registry].find(id),
  idsOf: (registry) => registries()[registry].ids()
}
