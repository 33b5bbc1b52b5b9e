// Bundled by `npm run mutate` with one rule switched off: exit code 1 when a case notices.
import { findDifferences } from '../../test/cases/judge-cases.ts';

const [root = ''] = process.argv.slice(2);
const [first] = findDifferences(root);
if (first) console.log(first.name);
process.exitCode = first ? 1 : 0;
