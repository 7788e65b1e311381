// All kernels, as one WASM module over one imported memory. A kernel takes addresses and sizes, touches nothing else
// and keeps no state. Each has a plain TypeScript reference under test/engine/reference which it must match bit for bit.

export * from './backdrop.as';
export * from './background.as';
export * from './bits.as';
export * from './components.as';
export * from './downscale.as';
export * from './paint.as';
export * from './timers.as';

/** First address the kernels' own static data leaves free. */
export function heapBase(): usize {
  return __heap_base;
}
