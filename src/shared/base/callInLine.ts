/** PyTorch's modules by the functions that do the same. */
const MODULES: Readonly<Record<string, string>> = {
  elu: 'ELU',
  gelu: 'GELU',
  hardsigmoid: 'Hardsigmoid',
  leaky_relu: 'LeakyReLU',
  relu: 'ReLU',
  selu: 'SELU',
  sigmoid: 'Sigmoid',
  silu: 'SiLU',
  softplus: 'Softplus',
  tanh: 'Tanh'
}

/**
 * The module of PyTorch that is a function of it: `nn.LeakyReLU(0.2)` for `F.leaky_relu(x, 0.2)`.
 * @param call of the one tensor `x`
 * @returns undefined for what is no plain call of such a function
 */
export function moduleOf(call: string): string | undefined {
  const [, name, more = ''] = /^(?:torch|F)\.(\w+)\(x(?:, ([^()]*))?\)$/.exec(call) ?? []
  const module = name === undefined ? undefined : MODULES[name]
  return module && `nn.${module}(${more})`
}

/** A call within a line of code, as it stands there. */
interface Call {
  /** All of it, with what its name is qualified by: `torch.nn.Linear(8, 8)`. */
  text: string
  /** What its name is qualified by: `torch.nn.`. */
  prefix: string
  /** Between its brackets. */
  inner: string
}
function wholeCall(line: string, start: RegExpExecArray): Call | undefined {
  let depth = 0
  let quote = ''
  for (let i = start.index + start[0].length - 1; i < line.length; i++) {
    const c = line[i]!
    if (quote) {
      if (c === '\\') i++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c) && --depth === 0) {
      const text = line.slice(start.index, i + 1)
      return { text, prefix: start[1]!, inner: text.slice(start[0].length, -1) }
    }
  }
  return undefined
}

/**
 * The call of a name in a line: the one with these arguments where there are several, else the first.
 * @param call as we write it, such as `nn.Linear(8, 8)`
 * @returns undefined where the line has no whole call of that name
 */
export function callIn(line: string, call: string): Call | undefined {
  const [, name, inner] = /(\w+)\((.*)\)$/.exec(call) ?? []
  if (name === undefined) return undefined
  const found = [...line.matchAll(new RegExp(`(?<![\\w.])((?:\\w+\\.)*)${name}\\(`, 'g'))].flatMap(
    (start) => wholeCall(line, start as RegExpExecArray) ?? []
  )
  return found.find((f) => f.inner === inner) ?? found[0]
}
