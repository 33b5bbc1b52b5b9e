// npm run conformance -- manifests DIR: renders every case of the corpus and prints the score.
import { caseNames, runCase } from './manifests.ts';

const [suite, folder = '../shared/corpus/manifests'] = process.argv.slice(2);
if (suite === 'manifests') {
  const results = caseNames(folder).map((name) => runCase(folder, name));
  for (const { name, difference } of results) if (difference !== undefined) console.log(`DIFF ${name}: ${difference}`);
  const exact = results.filter(({ difference }) => difference === undefined).length;
  console.log(`cases exact ${exact}/${results.length}`);
  process.exitCode = exact === results.length ? 0 : 1;
} else {
  console.error('usage: npm run conformance -- manifests [DIR]');
  process.exitCode = 2;
}
