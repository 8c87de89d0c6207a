/** Leaves the judging code of the rules out of the window, which names findings and never makes any. */

const RULE = /\/src\/shared\/clinic\/rules\/\w+\.ts$/

/**
 * Empties `judge` of every rule, so that what only it needs is not bundled. Names, texts and fields stay. It throws:
 * to find nothing would read as healthy.
 * @returns {import('vite').Plugin}
 */
export const ruleNames = () => ({
  name: 'rule-names',
  apply: 'build',
  enforce: 'post',
  transform(code, id) {
    if (!RULE.test(id)) return undefined
    const methods = []
    const program = this.parse(code)
    for (const { declarations = [] } of program.body)
      for (const { init } of declarations)
        for (const property of init?.properties ?? [])
          if (property.key?.name === 'judge' && property.method) methods.push(property)
    const [method] = methods
    if (!method) return undefined
    const out = `${code.slice(0, method.start)}judge() { throw new Error('the trainer judges, not the window') }${code.slice(method.end)}`
    return { code: out, map: null }
  }
})
