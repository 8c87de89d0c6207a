import { identifier, type Definitions } from '../base/python'

/** Classes that stand above the network's, each under a name of its own. */
export class Classes {
  readonly sources: Definitions = {}
  readonly taken: Set<string>

  /** @param taken names that the module uses */
  constructor(taken: readonly string[]) {
    this.taken = new Set(taken)
  }

  /** @param source of a class of that name @returns the name it got: that of an equal one, if there is one */
  define(stem: string, source: (name: string) => string): string {
    const known = Object.keys(this.sources).find((name) => this.sources[name] === source(name))
    if (known !== undefined) return known
    const name = identifier(stem, this.taken, 'Block')
    this.sources[name] = source(name)
    return name
  }
}
