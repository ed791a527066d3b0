import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { Home, scriptOf, template } from './script.ts';

const directory = temporaryDirectory();
const scripts = ['AutoShutdown', 'GitConfiguration', 'PackageMirrors', 'Extensions', 'NoDownloads'];
const all = (how: string) => Object.fromEntries(scripts.map((name) => [name, how]));
const git = (home: Home, ...args: string[]) => {
  const env = { PATH: process.env.PATH, HOME: home.path };
  return execFileSync('git', ['config', '--global', ...args], { encoding: 'utf8', env, cwd: home.path }).trim();
};
const ada = { DomainId: 'd-abcdefghijkl', UserProfileName: 'ada', SpaceName: 'lab', AppType: 'JupyterLab' };

/** As long as its parameter lets a value be, with a letter that every pattern takes. */
function longest(name: string, begin = ''): string {
  return begin.padEnd(template.parameters.get(name)!.maxLength!, 'x');
}

test('all scripts together are no longer than SageMaker takes, with the longest of all parameters', async () => {
  const text = await scriptOf('DefaultConfig', {
    ...all('Default'),
    GitEmailDomain: longest('GitEmailDomain'),
    GitSafeDirectories: longest('GitSafeDirectories', '/'),
    GitRepositoryUrl: longest('GitRepositoryUrl', 'https://x/'),
    PipIndexUrl: longest('PipIndexUrl', 'https://x/'),
    PipTrustedHost: longest('PipTrustedHost'),
    CondaChannelUrl: longest('CondaChannelUrl', 'https://x/'),
    ExtensionPackages: longest('ExtensionPackages', 'x==1'),
  });
  expect(Buffer.from(text).toString('base64').length).toBeLessThanOrEqual(16_384);
});

test.each([...scripts.map((name) => `${name}Config`), 'DefaultConfig', 'BuiltInConfig'])(
  'the script of %s is one that bash can read',
  async (logicalId) => {
    const how = logicalId.startsWith('Default') ? 'Default' : logicalId.startsWith('BuiltIn') ? 'BuiltIn' : 'Listed';
    const text = await scriptOf(logicalId, all(how));
    expect(text.startsWith('#!/bin/bash\n')).toBe(true);
    execFileSync('/bin/bash', ['-n'], { input: text });
  },
);

test.each([
  ['GitEmailDomain', "x' ; touch done; '"],
  ['GitSafeDirectories', '/home $(touch done)'],
  ['GitRepositoryUrl', 'https://x/$(touch done)'],
  ['GitRepositoryUrl', 'https://user:secret@git.example.com/team.git'],
  ['PipIndexUrl', "https://x/'"],
  ['PipTrustedHost', 'x\ny'],
  ['CondaChannelUrl', 'https://x/`touch done`'],
  ['ExtensionPackages', 'jupyterlab-git'],
  ['ExtensionPackages', 'x==1 --index-url=https://other'],
])('%s does not take %j', (name, value) => {
  expect(value).not.toMatch(new RegExp(`^(?:${template.parameters.get(name)!.allowedPattern})$`));
});

test('no value is run, even where a shell would find commands in it', async () => {
  const value = '$(touch done)`touch done`"; touch done; "';
  const given = {
    ...{ GitEmailDomain: value, GitSafeDirectories: value, GitRepositoryUrl: value },
    ...{ PipIndexUrl: value, PipTrustedHost: value, CondaChannelUrl: value },
    ...{ GitConfiguration: 'Default', PackageMirrors: 'Default' },
  };
  const home = new Home(directory()).describe(ada);
  await home.run(await scriptOf('DefaultConfig', given));
  expect(existsSync(join(home.path, 'done'))).toBe(false);
  expect(git(home, 'user.email')).toBe(`ada@${value}`);
});

test('git gets the user from the profile, and the files to ignore, to trust and the credential store, only once', async () => {
  const home = new Home(directory()).describe(ada);
  const text = await scriptOf('GitConfigurationConfig', {
    GitEmailDomain: 'example.com',
    GitCredentialHelper: 'CodeCommit',
    GitSafeDirectories: '/mnt/shared /mnt/team/*',
  });
  for (const _ of [1, 2]) expect(await home.run(text)).toEqual({ status: 0, output: '' });
  expect(git(home, 'user.name')).toBe('ada');
  expect(git(home, 'user.email')).toBe('ada@example.com');
  expect(git(home, '--get-all', 'safe.directory').split('\n')).toEqual(['/mnt/shared', '/mnt/team/*']);
  const helper = 'credential.https://git-codecommit.eu-west-1.amazonaws.com';
  expect(git(home, '--get-all', `${helper}.helper`)).toBe('!aws codecommit credential-helper $@');
  expect(git(home, `${helper}.UseHttpPath`)).toBe('true');
  expect(home.read('.config/git/ignore').trim().split('\n')).toEqual([
    '.ipynb_checkpoints/',
    '__pycache__/',
    '.Trash-*/',
    '.studio-resources/',
    '.keep-alive',
  ]);
});

test("users' own git settings are kept, and a shared space sets no user name", async () => {
  const home = new Home(directory()).describe(ada);
  home.write(
    '.gitconfig',
    '[user]\n\tname = Ada Lovelace\n\temail = ada@home.example\n[credential]\n\thelper = store\n',
  );
  home.write('.config/git/ignore', '*.log\n');
  const text = await scriptOf('GitConfigurationConfig', {
    GitEmailDomain: 'example.com',
    GitCredentialHelper: 'Cache',
  });
  expect(await home.run(text)).toEqual({ status: 0, output: '' });
  expect([git(home, 'user.name'), git(home, 'user.email')]).toEqual(['Ada Lovelace', 'ada@home.example']);
  expect(git(home, '--get-all', 'credential.helper')).toBe('store');
  expect(home.read('.config/git/ignore')).toMatch(/^\*\.log\n\.ipynb_checkpoints\/\n/);

  const shared = new Home(directory()).describe({ ...ada, UserProfileName: 'domain-shared' });
  expect(await shared.run(text)).toEqual({ status: 0, output: '' });
  expect(() => git(shared, 'user.name')).toThrow();
  expect(git(shared, 'credential.helper')).toBe('cache --timeout=28800');
});

test('a repository is cloned once, and one that cannot be reached is no reason for an app not to start', async () => {
  const home = new Home(directory()).describe(ada);
  const origin = join(home.path, 'origin/starter.git');
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
  execFileSync('git', ['init', '-q', origin]);
  execFileSync('git', ['-C', origin, ...identity, 'commit', '-q', '--allow-empty', '-m', 'first']);
  const text = await scriptOf('GitConfigurationConfig', { GitRepositoryUrl: `file://${origin}` });
  expect(await home.run(text)).toEqual({ status: 0, output: '' });
  home.write('starter/mine', 'x');
  expect(await home.run(text)).toEqual({ status: 0, output: '' });
  expect(home.read('starter/mine')).toBe('x');

  const unreachable = await scriptOf('GitConfigurationConfig', { GitRepositoryUrl: 'https://127.0.0.1:1/none.git' });
  expect(await home.run(unreachable)).toEqual({
    status: 0,
    output: expect.stringContaining('Cloning https://127.0.0.1:1/none.git: it failed, and is tried again'),
  });
  expect(existsSync(join(home.path, 'none'))).toBe(false);
});

test('pip, uv and conda take packages from the mirrors, and trust a host only if asked to', async () => {
  const home = new Home(directory());
  home.write('.config/pip/pip.conf', '[global]\ntimeout = 60\n');
  const urls = {
    PipIndexUrl: 'https://mirror.example.com/pypi/simple/',
    CondaChannelUrl: 'https://mirror.example.com/c',
  };
  const trusting = await scriptOf('PackageMirrorsConfig', { ...urls, PipTrustedHost: 'mirror.example.com' });
  for (const _ of [1, 2]) expect(await home.run(trusting)).toEqual({ status: 0, output: '' });
  expect(home.read('.config/pip/pip.conf')).toMatch(/timeout = 60/);
  expect(home.read('.config/pip/pip.conf')).toMatch(/trusted-host = mirror\.example\.com/);
  expect(home.read('.config/uv/uv.toml')).toMatch(/^allow-insecure-host = \["mirror\.example\.com"\]$/m);

  for (const _ of [1, 2]) {
    expect(await home.run(await scriptOf('PackageMirrorsConfig', urls))).toEqual({ status: 0, output: '' });
  }
  expect(home.read('.config/pip/pip.conf')).toMatch(/index-url = https:\/\/mirror\.example\.com\/pypi\/simple\//);
  expect(home.read('.config/pip/pip.conf')).not.toMatch(/trusted/);
  expect(home.read('.config/uv/uv.toml')).toBe(
    '# Written by studio-resources at each start\n[[index]]\n' +
      'url = "https://mirror.example.com/pypi/simple/"\ndefault = true\n',
  );
  expect(home.read('.condarc')).toBe(
    '# Written by studio-resources at each start\n' +
      'channels:\n  - https://mirror.example.com/c\ndefault_channels:\n  - https://mirror.example.com/c\n',
  );
});

test("users' own files are kept, and pip's configuration is written even without pip", async () => {
  const home = new Home(directory()).link('/bin/bash', '/usr/bin/head', '/usr/bin/dirname', '/bin/mkdir', '/bin/cat');
  home.write('.condarc', 'auto_activate_base: false\n');
  home.write('.config/uv/uv.toml', 'offline = true\n');
  const text = await scriptOf('PackageMirrorsConfig', {
    PipIndexUrl: 'https://mirror.example.com/simple',
    PipTrustedHost: 'mirror.example.com',
    CondaChannelUrl: 'https://mirror.example.com/c',
  });
  const ran = await home.run(text, { only: true });
  expect(ran).toEqual({ status: 0, output: 'Setting the mirror of uv: uv.toml is not ours\n' });
  expect(home.read('.condarc')).toBe('auto_activate_base: false\n');
  expect(home.read('.conda/.condarc')).toContain('- https://mirror.example.com/c');
  expect(home.read('.config/pip/pip.conf')).toMatch(
    /^\[global\]\nindex-url = https:\/\/mirror.example.com\/simple\ntrusted-host = mirror.example.com$/m,
  );

  home.write('.conda/.condarc', 'channels: []\n');
  expect((await home.run(text, { only: true })).output).toContain('neither .condarc nor .conda/.condarc is ours');
});

test('the app starts even if the tools of the scripts are missing', async () => {
  const home = new Home(directory()).link('/usr/bin/head', '/bin/mkdir', '/bin/cat', '/usr/bin/dirname');
  const given = { ...all('Default'), NoDownloads: 'Off', ExtensionPackages: 'x==1', CondaChannelUrl: 'https://x/c' };
  const ran = await home.run(await scriptOf('DefaultConfig', given), { only: true });
  expect(ran.status).toBe(0);
  expect(ran.output.trim().split('\n')).toEqual([
    'Shutting down when idle: there is no python3',
    'Configuring git: there is none',
    'Installing extensions: there is no JupyterLab',
  ]);
});

test('a script that fails says so, and the others and the app go on', async () => {
  const home = new Home(directory()).describe(ada);
  home.write('.studio-resources', 'a file, where a directory has to be');
  home.write('.config', 'another');
  const given = { ...all('BuiltIn'), NoDownloads: 'Off', CondaChannelUrl: 'https://x/c' };
  const ran = await home.tool('jupyter-lab', '').run(await scriptOf('BuiltInConfig', given));
  expect(ran.status).toBe(0);
  expect(ran.output).toContain('Shutting down when idle: it could not be set up');
  expect(ran.output).toContain('Configuring git: it failed');
  expect(ran.output).toContain('Installing extensions: it failed');
  expect(home.read('.condarc')).toContain('- https://x/c');
});

test('downloads are disabled without changing other settings, and the server restarts only after a change', async () => {
  const home = new Home(directory());
  home.tool('restart-jupyter-server', '#!/bin/sh\necho again >>"$HOME/restarts"\n');
  home.write('.jupyter/labconfig/page_config.json', '{"appName": "Lab", "disabledExtensions": ["@other/one"]}');
  home.write(
    '.jupyter/jupyter_server_config.json',
    '{"ServerApp": {"port": 1}, "ContentsManager": {"allow_hidden": true}}',
  );
  const text = await scriptOf('NoDownloadsConfig', {});
  const restarts = join(home.path, 'restarts');
  for (const _ of [1, 2]) {
    expect(await home.run(text)).toEqual({ status: 0, output: '' });
    while (!existsSync(restarts)) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(statSync(restarts).size).toBe('again\n'.length);
  const disabled = {
    '@jupyterlab/filebrowser-extension:download': true,
    '@jupyterlab/docmanager-extension:download': true,
    '@jupyterlab/notebook-extension:export': true,
  };
  expect(JSON.parse(home.read('.jupyter/labconfig/page_config.json'))).toEqual({
    appName: 'Lab',
    disabledExtensions: { '@other/one': true, ...disabled },
    lockedExtensions: disabled,
  });
  expect(JSON.parse(home.read('.jupyter/jupyter_server_config.json'))).toMatchObject({
    ServerApp: { port: 1 },
    ContentsManager: { allow_hidden: true, files_handler_params: { status_code: 403 } },
  });
});

test.each(['{"broken', '[]'])('settings that are %s are put aside, so that downloads are off', async (text) => {
  const home = new Home(directory());
  home.write('.jupyter/jupyter_server_config.json', text);
  expect((await home.run(await scriptOf('NoDownloadsConfig', {}))).status).toBe(0);
  expect(home.read('.jupyter/jupyter_server_config.json')).toContain('tornado.web.ErrorHandler');
  expect(home.read('.jupyter/jupyter_server_config.json.unreadable')).toBe(text);
});

test('if downloads cannot be disabled, the app does not start', async () => {
  const home = new Home(directory());
  home.write('.jupyter', 'a file, where a directory has to be');
  expect(await home.run(await scriptOf('BuiltInConfig', { NoDownloads: 'BuiltIn' }))).toEqual({
    status: 1,
    output: expect.stringContaining('Turning downloads off: it failed, and so the app does not start'),
  });
});
