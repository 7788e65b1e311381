// The floors of the house, as rules: a room imports only from rooms below it, and nothing goes round in a circle.
const room = (name) => `^src/${name}/`;
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '\\.as\\.ts$', '^src/(index|main)\\.ts$'] },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-dev'], pathNot: ['node_modules/(@types|homebridge|@homebridge|@scrypted)/'] },
    },
    forbid('settings-knows-nobody', room('settings'), '^src/(?!settings/|errors\\.ts$)', 'settings is the ground'),
    {
      name: 'engine-is-pure',
      comment: 'planes in, masked planes out: no I/O, no host, and of the settings only their types',
      severity: 'error',
      from: { path: room('engine') },
      to: { path: '^src/(?!engine/|settings/)' },
    },
    {
      name: 'engine-no-io',
      severity: 'error',
      from: { path: room('engine') },
      to: { dependencyTypes: ['core', 'npm', 'npm-optional'] },
    },
    forbid(
      'detect-floor',
      room('detect'),
      '^src/(video|shield|serve|homebridge|scrypted|cli)/',
      'detect knows settings and engine',
    ),
    forbid(
      'video-floor',
      room('video'),
      '^src/(detect|shield|serve|homebridge|scrypted|cli)/',
      'video knows settings and engine',
    ),
    forbid(
      'shield-floor',
      room('shield'),
      '^src/(serve|homebridge|scrypted|cli)/',
      'a shield knows no server and no host',
    ),
    forbid('serve-floor', room('serve'), '^src/(homebridge|scrypted|cli)/', 'serve knows no host'),
    forbid(
      'host-not-to-engine',
      '^src/(homebridge|scrypted)/',
      '^src/(engine|video)/',
      'hosts speak with serve/hub only',
    ),
    forbid('hosts-apart', room('homebridge'), '^src/(scrypted|cli)/', 'one host knows nothing of the other'),
    forbid('hosts-apart-2', room('scrypted'), '^src/(homebridge|cli)/', 'one host knows nothing of the other'),
    forbid('cli-knows-no-host', room('cli'), '^src/(homebridge|scrypted)/', 'the command line runs without a host'),
    {
      name: 'only-native-loads-natives',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/native\\.ts$' },
      to: { path: 'node_modules/(onnxruntime-node|sharp)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.as\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
