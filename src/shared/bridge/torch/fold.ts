import type { ForeignLayer } from '../foreign'

/** Puts an activation into the layer with a kernel in front of it, where nothing else reads that layer. */
export function fold(layers: ForeignLayer[]): ForeignLayer[] {
  const readers = new Map<string, number>()
  for (const l of layers) for (const i of l.inputs) readers.set(i, (readers.get(i) ?? 0) + 1)
  const byName = new Map(layers.map((l) => [l.name, l]))
  const gone = new Map<string, string>()
  const kept: ForeignLayer[] = []
  for (const l of layers) {
    const inputs = l.inputs.map((i) => gone.get(i) ?? i)
    const before = byName.get(l.inputs[0] ?? '')
    const [own, front] = [l, before].map((x) =>
      x && 'parts' in x.mapped && !x.mapped.differs && x.mapped.parts.length === 1 ? x.mapped.parts[0] : undefined
    )
    const takes =
      own?.kind === 'activation' &&
      !!front &&
      ['dense', 'conv1d', 'conv2d'].includes(front.kind) &&
      (front.params.activation as { id: string }).id === 'linear' &&
      readers.get(before!.name) === 1 &&
      !gone.has(l.inputs[0]!)
    if (!takes) {
      kept.push({ ...l, inputs })
      byName.set(l.name, kept.at(-1)!)
      continue
    }
    const [first, count] = [before!, before!.given().length]
    const weights = front.weights
    const slope = own.weights
    const at = kept.findIndex((k) => k.name === first.name)
    kept[at] = {
      ...kept[at]!,
      with: l.name,
      ...(kept[at]!.code && l.code && { code: { ...kept[at]!.code, activation: l.code } }),
      mapped: {
        parts: [
          {
            kind: front.kind,
            params: { ...front.params, activation: own.params.activation },
            ...(weights && {
              weights: (given, isMoment) => ({
                ...weights(given.slice(0, count), isMoment),
                ...slope?.(given.slice(count), isMoment)
              })
            })
          }
        ]
      },
      given: () => [...first.given(), ...l.given()],
      moments(slot) {
        const [mine, theirs] = [first.moments?.(slot), l.given().length ? l.moments?.(slot) : []]
        return mine && theirs && [...mine, ...theirs]
      }
    }
    gone.set(l.name, first.name)
  }
  return kept
}
