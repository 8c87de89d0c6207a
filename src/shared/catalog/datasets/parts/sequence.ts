/** Mean and standard deviation of each feature. */
export interface Moments {
  mean: Float64Array
  std: Float64Array
}

/**
 * Means and standard deviations of each feature over some examples, and over all time steps of each: what a feature is
 * at one step is scaled as at any other. A feature that doesn't vary has the deviation 1.
 * @param steps time steps of an example; 1 where it isn't a sequence
 * @param lengths steps of each example that are its own, the last ones; the others don't count
 */
export function momentsOf(
  values: Float32Array,
  features: number,
  steps: number,
  examples: Int32Array,
  lengths?: Int32Array
): Moments {
  const mean = new Float64Array(features)
  const std = new Float64Array(features)
  let rows = 0
  for (const e of examples) rows += lengths?.[e] ?? steps
  const each = (visit: (at: number) => void): void => {
    for (const e of examples)
      for (let t = steps - (lengths?.[e] ?? steps); t < steps; t++) visit((e * steps + t) * features)
  }
  each((at) => {
    for (let c = 0; c < features; c++) mean[c]! += values[at + c]! / rows
  })
  each((at) => {
    for (let c = 0; c < features; c++) std[c]! += (values[at + c]! - mean[c]!) ** 2 / rows
  })
  let first: number | undefined
  each((at) => (first ??= at))
  for (let c = 0; c < features; c++) {
    const s = Math.sqrt(std[c]!)
    // Below float32's resolution of the mean there is only rounding to be blown up.
    const varies = s > 1e-6 * Math.abs(mean[c]!) && s > 0
    std[c] = varies ? s : 1
    if (!varies && first !== undefined) mean[c] = values[first + c]!
  }
  return { mean, std }
}

/** Some examples, standardised when moments are given. Padding stays zero. */
export function takeExamples(
  values: Float32Array,
  features: number,
  steps: number,
  examples: Int32Array,
  moments?: Moments,
  lengths?: Int32Array
): Float32Array {
  const width = features * steps
  const out = new Float32Array(examples.length * width)
  examples.forEach((e, i) => {
    if (!moments) return out.set(values.subarray(e * width, (e + 1) * width), i * width)
    for (let k = (steps - (lengths?.[e] ?? steps)) * features; k < width; k++) {
      const c = k % features
      out[i * width + k] = (values[e * width + k]! - moments.mean[c]!) / moments.std[c]!
    }
  })
  return out
}
