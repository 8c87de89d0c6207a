/**
 * An optimizer of Keras as a class of the project's own.
 * @param doc one line
 * @param settings arguments besides the learning rate
 * @param slots variables kept for each weight, all from 0
 * @param update statements of one update, of `gradient`, `variable`, `rate`, the settings as `self.NAME`, the slots by
 *   name, and `t`, which counts from 1
 */
export const kerasClass = (
  name: string,
  doc: string,
  settings: readonly string[],
  slots: readonly string[],
  update: readonly string[]
): string =>
  [
    `class ${name}(keras.optimizers.Optimizer):`,
    `    """${doc}"""`,
    '',
    `    def __init__(self, learning_rate, ${settings.join(', ')}):`,
    '        super().__init__(learning_rate)',
    ...settings.map((s) => `        self.${s} = ${s}`),
    '',
    '    def build(self, variables):',
    '        if not self.built:',
    '            super().build(variables)',
    ...slots.map(
      (s) => `            self.${s} = [self.add_variable_from_reference(v, name="${s}") for v in variables]`
    ),
    '',
    '    def update_step(self, gradient, variable, learning_rate):',
    '        at = self._get_variable_index(variable)',
    '        rate = ops.cast(learning_rate, variable.dtype)',
    ...(update.some((l) => /\bt\b/.test(l)) ? ['        t = ops.cast(self.iterations + 1, variable.dtype)'] : []),
    ...slots.map((s) => `        ${s} = self.${s}[at]`),
    ...update.map((l) => `        ${l}`)
  ].join('\n')
