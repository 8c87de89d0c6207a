import { activations } from '../catalog/activations'
import { datasets } from '../catalog/datasets'
import { initializers } from '../catalog/initializers'
import { losses } from '../catalog/losses'
import { optimizers } from '../catalog/optimizers'
import type { Lookup } from '../base/params'
import { remedies } from './remedies'
import { schedules } from '../catalog/schedules'

// Looked at when asked: remedies themselves import what reads experiments.
const registries = () => ({ activations, initializers, optimizers, losses, schedules, datasets, remedies })

/** The registries that parameters may refer to. */
export const lookup: Lookup = {
  fieldsOf: (registry, id) => registries()[registry].find(id),
  idsOf: (registry) => registries()[registry].ids()
}
