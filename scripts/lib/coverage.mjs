/** Coverage by suite, and floors that may only rise. */

/** The rooms of src/ that each suite is there for. Its coverage is counted over these. */
export const ROOMS = {
  unit: ['shared', 'main', 'renderer'],
  contract: ['shared/catalog', 'shared/experiment', 'shared/clinic']
}
export const MEASURES = ['statements', 'branches', 'functions']
/** A floor this far below what is covered, in per cent, is out of date. */
const SLACK = 1

/** Per cent covered, rounded down to a tenth: a floor is never above what was measured. */
export const percent = ({ covered, total }) => (total ? Math.floor((1000 * covered) / total) / 10 : 100)

/**
 * What is wrong between coverage and its floors.
 * @param {Record<string, number>} measured per cent by measure
 * @param {Record<string, number> | undefined} floor likewise; undefined for a suite without one
 * @returns {string[]} a sentence each; none when all is well
 */
export function complaints(measured, floor) {
  return MEASURES.flatMap((measure) => {
    const [is, least] = [measured[measure], floor?.[measure]]
    if (least === undefined) return [`${measure}: ${is} %, and no floor: \`npm run coverage -- --raise\` sets it`]
    if (is < least) return [`${measure}: ${is} %, below the floor of ${least} %: add the tests that are missing`]
    return is > least + SLACK
      ? [`${measure}: ${is} %, floor ${least} %: raise it by \`npm run coverage -- --raise\``]
      : []
  })
}

/** The floors after a rise: never lower than before. */
export const raised = (measured, floor = {}) =>
  Object.fromEntries(MEASURES.map((measure) => [measure, Math.max(measured[measure], floor[measure] ?? 0)]))
