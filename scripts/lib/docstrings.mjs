/** An ESLint rule: every exported function and class says in a docstring what it is for. */

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression'])
/** The value behind `as`, `satisfies` and parentheses. */
const bare = (node) =>
  node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression' ? bare(node.expression) : node

/** The functions and classes that a statement declares, by name. @returns {{ name: string, node: object }[]} */
function declared(statement) {
  if (['FunctionDeclaration', 'ClassDeclaration', 'TSDeclareFunction'].includes(statement?.type))
    return [{ name: statement.id?.name ?? 'default', node: statement }]
  if (statement?.type !== 'VariableDeclaration') return []
  return statement.declarations
    .filter(({ init }) => FUNCTIONS.has(bare(init)?.type) || bare(init)?.type === 'ClassExpression')
    .map(({ id }) => ({ name: id.name, node: statement }))
}

/** @type {import('eslint').Rule.RuleModule} */
export const docstringsRule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: '"{{name}}" is exported: a docstring says what it is for (shapes, units, errors, source).' }
  },
  create(context) {
    const { sourceCode } = context
    /** A docstring stands right before the statement; of overloads the first carries it. */
    const documented = (statement) => {
      const comment = sourceCode.getCommentsBefore(statement).at(-1)
      return comment?.type === 'Block' && comment.value.startsWith('*')
    }
    return {
      Program({ body }) {
        const all = body.flatMap((statement) => {
          const inner = statement.type.startsWith('Export') ? statement.declaration : statement
          return declared(inner).map((one) => ({ ...one, statement, exported: inner !== statement }))
        })
        const handedOut = new Set(
          body.flatMap((s) =>
            s.type === 'ExportNamedDeclaration' && !s.source ? s.specifiers.map(({ local }) => local.name) : []
          )
        )
        const told = new Set(all.filter(({ statement }) => documented(statement)).map(({ name }) => name))
        for (const { name, node, exported } of all)
          if ((exported || handedOut.has(name)) && !told.has(name)) {
            told.add(name)
            context.report({ node, messageId: 'missing', data: { name } })
          }
      }
    }
  }
}
