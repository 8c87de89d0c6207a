import type { RunLayer } from '@shared/run/types'

/** Where f′ of a selected layer is decided: an activation, and the normalisation right in front of it, if any. */
export interface Lens {
  /** The layer with the activation. */
  on: RunLayer
  /** The normalisation whose output are its pre-activations. */
  norm?: RunLayer
  /** What the normalisation reads. */
  before?: RunLayer
}
const NORMS = ['batchNorm', 'layerNorm']
const acts = (l: RunLayer): boolean => l.activation !== undefined && l.activation !== 'linear'

/**
 * The lens of a layer: itself, or the activation that reads it through normalisations; undefined when no activation is
 * near.
 */
export function lensOf(layers: readonly RunLayer[], id: string | null): Lens | undefined {
  const byId = new Map(layers.map((l) => [l.id, l]))
  let on = (id !== null ? byId.get(id) : undefined) ?? layers.find(acts)
  const start = on
  for (let i = 0; on && !acts(on) && i < 4; i++) {
    const readers: RunLayer[] = layers.filter((l) => l.inputs.includes(on!.id))
    const next: RunLayer | undefined = readers.length === 1 ? readers[0] : undefined
    on = next && (NORMS.includes(next.kind) || next.kind === 'activation') ? next : undefined
  }
  on ??= start?.activation !== undefined ? start : undefined
  if (!on || !on.activation) return undefined
  const norm = on.kind === 'activation' ? byId.get(on.inputs[0] ?? '') : undefined
  if (!norm || !NORMS.includes(norm.kind)) return { on }
  const before = byId.get(norm.inputs[0] ?? '')
  return { on, norm, ...(before && { before }) }
}
