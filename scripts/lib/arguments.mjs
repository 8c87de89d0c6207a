/** The arguments of `npm test`. */

/**
 * @typedef {{ suites: Map<string, string[]>, repeat: number, changed: string | null }} Wanted
 * `suites`: each suite to run with the files named in it (none: all of them); `changed`: the commit that changes are
 * counted from
 */

/**
 * Reads `[SUITE[/FILE]…] [--repeat N] [--changed [REF]]`.
 * @param {string[]} args
 * @param {string[]} known the names of all suites, in the order they are run in
 * @returns {Wanted}
 * @throws {Error} that names the argument nobody understands
 */
export function parseArguments(args, known) {
  const named = new Map()
  let [repeat, changed] = [1, null]
  for (let i = 0; i < args.length; i++) {
    const [option, given] = args[i].startsWith('--') ? args[i].split(/=(.*)/s) : []
    const value = () => given ?? args[++i]
    if (option === '--repeat') {
      const text = value()
      repeat = Number(text)
      if (!Number.isInteger(repeat) || repeat < 1)
        throw new Error(`--repeat takes a whole number from 1, not "${text}".`)
    } else if (option === '--changed') {
      const next = args[i + 1]
      const isRef = given === undefined && next !== undefined && !next.startsWith('--') && !isSuite(next, known)
      changed = given ?? (isRef ? value() : 'HEAD')
    } else if (isSuite(args[i], known)) {
      const [suite, file] = args[i].split(/\/(.*)/s)
      // A suite that is also named whole is run whole.
      const files = named.get(suite)
      named.set(suite, file && (!files || files.length) ? [...(files ?? []), file] : [])
    } else throw new Error(`There is no suite "${args[i]}". There are: ${known.join(', ')}.`)
  }
  const suites = new Map()
  for (const name of known) if (!named.size || named.has(name)) suites.set(name, named.get(name) ?? [])
  return { suites, repeat, changed }
}

const isSuite = (text, known) => known.includes(text.split('/')[0])
