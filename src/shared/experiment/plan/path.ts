/** Dotted path of a node in the document: `hidden/dense` → `network.nodes.hidden.body.dense`. */
export const pathOf = (node: string): string => `network.nodes.${node.replace(/\//g, '.body.')}`
