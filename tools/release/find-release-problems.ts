/** What a release is checked by: texts as they are in the tree. */
export interface ReleaseInput {
  /** `version` of package.json. */
  version: string;
  changelog: string;
  /** Files that name the version, with their text. */
  texts: Readonly<Record<string, string>>;
  /** `git status --porcelain`: empty for a clean tree. */
  gitStatus: string;
}

const VERSION = /^\d+\.\d+\.\d+$/;
/** How files name our version: an image's tag, its archive, `newTag`, or a constant. */
const MENTIONS = /(?:sailwright:|sailwright-|newTag: |VERSION = ')(\d+\.\d+\.\d+)/g;

/** Everything that keeps this tree from being released, each with what to do. */
export function findReleaseProblems({ version, changelog, texts, gitStatus }: ReleaseInput): string[] {
  return [
    ...(VERSION.test(version) ? [] : [`package.json: version ${version} is not of the form MAJOR.MINOR.PATCH`]),
    ...findChangelogProblems(changelog, version),
    ...Object.entries(texts).flatMap(([file, text]) => findOtherVersions(file, text, version)),
    ...(gitStatus.trim() === '' ? [] : ['the tree has changes that are not committed: commit or drop them']),
  ];
}

function findChangelogProblems(changelog: string, version: string): string[] {
  const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  const [first = '', second = ''] = headings;
  const wanted = new RegExp(`^${version.replaceAll('.', '\\.')}, \\d{4}-\\d{2}-\\d{2}$`);
  const problems = first === 'Unreleased' ? [] : ['CHANGELOG.md: must begin with "## Unreleased"'];
  if (wanted.test(second)) return problems;
  return [...problems, `CHANGELOG.md: the heading below "Unreleased" must be "## ${version}, YYYY-MM-DD"`];
}

function findOtherVersions(file: string, text: string, version: string): string[] {
  const found = [...text.matchAll(MENTIONS)].map(([, mentioned = '']) => mentioned);
  return [...new Set(found)]
    .filter((mentioned) => mentioned !== version)
    .map((mentioned) => `${file}: names ${mentioned}: change it to ${version}`);
}
