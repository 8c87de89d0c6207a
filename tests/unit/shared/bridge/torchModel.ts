type Json = Record<string, unknown>

/** A linear layer of three inputs, as `gradient_clinic.export` writes it. */
export const linear = (name: string, from: string, out = 3): Json => ({
  name,
  call: 'module',
  op: 'Linear',
  path: name,
  args: [{ node: from }],
  settings: { in_features: 3, out_features: out, tensors: ['weight', 'bias'] },
  shape: [2, out]
})
/** A model of these nodes behind two examples of three numbers. */
export const model = (nodes: Json[], more: Json = {}): Json => ({
  format: 'gradient-clinic/model',
  version: 1,
  framework: 'PyTorch 2.13.0',
  name: 'Net',
  input: { shape: [2, 3], integer: false },
  nodes: [{ name: 'x', call: 'input', op: 'input', args: [], shape: [2, 3] }, ...nodes],
  output: nodes.at(-1)!.name,
  tied: [],
  ...more
})
