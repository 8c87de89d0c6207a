import { activations } from './activations'
import { datasets } from './datasets'
import { initializers } from './initializers'
import { losses } from './losses'
import { optimizers } from './optimizers'
import type { Lookup } from './params'
import { remedies } from './remedies'
import { schedules } from './schedules'

// Looked at when asked: remedies themselves import what reads experiments.
const registries = () => ({ activations, initializers, optimizers, losses, schedules, datasets, remedies })

/** The registries that parameters may refer to. */
export const lookup: Lookup = {
  fieldsOf: (registry, id) => registries()[registry].find(id),
  idsOf: (registry) => registries()[registry].ids()
}
