import type { Rule, Scope } from 'eslint';

/** An error that is thrown in the place of a caught one must carry its text or have it as cause: else nobody learns why. */
export const keepCaughtError: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { lost: 'Why it failed is lost here: put the caught error, or its text, into the one that is thrown.' },
  },
  create(context) {
    const clauses: boolean[] = [];
    return {
      CatchClause: (node) => void clauses.push(isUsed(context.sourceCode.getDeclaredVariables(node))),
      'CatchClause:exit': () => void clauses.pop(),
      ThrowStatement(node) {
        // The caught one itself goes on.
        if (node.argument.type === 'Identifier') return;
        if (clauses.at(-1) === false) context.report({ node, messageId: 'lost' });
      },
    };
  },
};

/** Whether anything is done with a caught error but to ask for its class and to throw it on. */
function isUsed(variables: readonly Scope.Variable[]): boolean {
  return variables.some(({ references }) =>
    references.some(({ identifier }) => !isQuestion((identifier as unknown as Rule.Node).parent)),
  );
}

function isQuestion(parent: Rule.Node | null): boolean {
  if (parent?.type === 'BinaryExpression') return parent.operator === 'instanceof';
  return parent?.type === 'ThrowStatement';
}
