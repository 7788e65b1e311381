// The only place that loads native modules. They may be absent (an optional dependency that did not install, a platform
// without a build) or fail to load, and that must never take the host down: whoever asks gets the module or the reason,
// in words for the camera's owner. Loaded on first use, so that a shield that needs none pays for none.

import module from 'node:module';

/** Native packages by name, with their types. */
interface NativeModules {
  'onnxruntime-node': typeof import('onnxruntime-node');
  sharp: typeof import('sharp', { with: { 'resolution-mode': 'require' }});
}

export type Native<T> = { readonly ok: true; readonly module: T } | { readonly ok: false; readonly reason: string };

// `require`, not `import`: Scrypted installs native packages where only NODE_PATH leads, which `import` ignores. And
// spelled as a member, since the Scrypted SDK's build deletes statements of the form `const x = createRequire(...)`.
const load = module.createRequire(import.meta.url);

/** The native package, or in one line why it cannot be had. Never throws. */
export function loadNative<Name extends keyof NativeModules>(name: Name): Native<NativeModules[Name]> {
  try {
    return { ok: true, module: load(name) };
  } catch (error) {
    const [firstLine] = String(error instanceof Error ? error.message : error).split('\n');
    return { ok: false, reason: `${name} cannot be loaded on ${process.platform}-${process.arch} (${firstLine})` };
  }
}

/** Where the native package lies, for a thread that loads it by itself; or in one line why it cannot be had. */
export function locateNative(
  name: keyof NativeModules,
): { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string } {
  const native = loadNative(name); // the thread could not say as well why it fails
  return native.ok ? { ok: true, path: load.resolve(name) } : native;
}
