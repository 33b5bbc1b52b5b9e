const REASONS: readonly [reason: string, ...names: string[]][] = [
  [
    'the result would depend on the time of the injection',
    ...['ago', 'date', 'date_in_zone', 'date_modify', 'dateInZone', 'dateModify', 'htmlDate', 'htmlDateInZone'],
    ...['must_date_modify', 'mustDateModify', 'mustToDate', 'now', 'toDate', 'unixEpoch', 'duration', 'durationRound'],
  ],
  [
    'the result would differ from pod to pod by chance',
    ...['randAlpha', 'randAlphaNum', 'randAscii', 'randBytes', 'randInt', 'randNumeric', 'shuffle', 'uuidv4'],
  ],
  [
    'templates generate no keys, certificates or passwords',
    ...['bcrypt', 'buildCustomCert', 'decryptAES', 'derivePassword', 'encryptAES', 'genCA', 'genCAWithKey'],
    ...[
      'genPrivateKey',
      'genSelfSignedCert',
      'genSelfSignedCertWithKey',
      'genSignedCert',
      'genSignedCertWithKey',
      'htpasswd',
    ],
  ],
  ['the injector has no access to its environment or network from templates', 'expandenv', 'getHostByName'],
  ['hashes are not supported', 'adler32sum', 'sha1sum', 'sha256sum', 'sha512sum'],
  ['versions are not supported', 'semver', 'semverCompare'],
  ['URLs are not supported', 'urlJoin', 'urlParse'],
  ['this spelling rule is not supported', 'abbrevboth', 'camelcase', 'kebabcase', 'snakecase'],
];

/** sprig's functions that templates here cannot call, with the reason. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = Object.fromEntries(
  REASONS.flatMap(([reason, ...names]) => names.map((name) => [name, reason])),
);
