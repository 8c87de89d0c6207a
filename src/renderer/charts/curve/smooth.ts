/**
 * Exponential moving average with debiasing, as TensorBoard draws it: each value is divided by the weight that the
 * average has gathered so far, so that it doesn't start at 0. Values that are no numbers stay as they are and are left
 * out of the average; a constant curve stays constant.
 * @param weight of the average so far, 0 (as recorded) to below 1
 * @see https://github.com/tensorflow/tensorboard/blob/2.18.0/tensorboard/components/vz_line_chart2/line-chart.ts
 */
export function smoothed(values: ArrayLike<number>, weight: number): Float64Array {
  const out = Float64Array.from(values)
  if (!(weight > 0) || out.every((v) => v === out[0])) return out
  let last = 0
  let gathered = 1
  for (let i = 0; i < out.length; i++) {
    const v = out[i]!
    if (!Number.isFinite(v)) continue
    last = last * weight + (1 - weight) * v
    gathered *= weight
    out[i] = last / (1 - gathered)
  }
  return out
}
